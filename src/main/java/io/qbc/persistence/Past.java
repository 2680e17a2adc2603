package io.qbc.persistence;

/** The part of a fork's history that is its parent's. Lowered by the writer, read by all. */
final class Past {
    private final OpenChain parent;
    private final long point;
    private volatile long shared;

    /**
     * The past of one fork.
     *
     * @param point the height of the last quant before the fork's own genesis quant
     * @param shared up to which height the parent's present chain still is that past; the fork has the rest itself
     */
    Past(OpenChain parent, long point, long shared) {
        this.parent = parent;
        this.point = point;
        this.shared = shared;
    }

    OpenChain parent() {
        return parent;
    }

    long point() {
        return point;
    }

    long shared() {
        return shared;
    }

    /** Tells that the parent goes another way above this height; before that is written. */
    void lower(long height) {
        shared = Math.min(shared, height);
    }
}
