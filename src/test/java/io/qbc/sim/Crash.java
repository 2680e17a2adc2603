package io.qbc.sim;

/** The power went while a node was writing. */
public final class Crash extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Crash() {
        super("the power went", null, false, false);
    }
}
