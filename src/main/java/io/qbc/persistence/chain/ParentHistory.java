package io.qbc.persistence.chain;

/** The part of a fork's history that is its parent's. Lowered by the writer, read by all. */
public final class ParentHistory {
    private final OpenChain parent;
    private final long point;
    private volatile long shared;

    /**
     * The past of one fork.
     *
     * @param point the height of the last quant before the fork's own genesis quant
     * @param shared up to which height the parent's present chain still is that past; the fork has the rest itself
     */
    public ParentHistory(OpenChain parent, long point, long shared) {
        this.parent = parent;
        this.point = point;
        this.shared = shared;
    }

    public OpenChain parent() {
        return parent;
    }

    public long point() {
        return point;
    }

    public long shared() {
        return shared;
    }

    /** Tells that the parent goes another way above this height; before that is written. */
    public void lower(long height) {
        shared = Math.min(shared, height);
    }
}
