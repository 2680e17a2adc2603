package io.qbc.gossip.peers;

/** A limit in bytes for the answers to this node's calls that are under way at once. Confined to one event loop. */
final class AnswerBudget {
    private final long bytesMax;
    private long inUse;

    AnswerBudget(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Takes so many bytes; false, and nothing taken, when there are not as many left. */
    boolean take(long bytes) {
        boolean fits = bytes <= bytesMax - inUse;
        inUse += fits ? bytes : 0;
        return fits;
    }

    void release(long bytes) {
        inUse -= bytes;
    }

    long inUse() {
        return inUse;
    }
}
