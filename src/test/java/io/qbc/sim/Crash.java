package io.qbc.sim;

/** The power went while a node was writing; an error, since nothing in the node may catch it. */
public final class Crash extends Error {
    private static final long serialVersionUID = 1L;

    public Crash() {
        super("the power went", null, false, false);
    }
}
