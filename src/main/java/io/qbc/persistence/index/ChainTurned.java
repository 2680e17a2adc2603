package io.qbc.persistence.index;

/** A chain went another way while it was read; what was read means nothing. */
final class ChainTurned extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ChainTurned() {
        super("the chain went another way while it was read");
    }
}
