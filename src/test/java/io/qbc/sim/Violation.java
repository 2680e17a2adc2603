package io.qbc.sim;

/** Something happened that a node promises never to let happen; an error, since nothing in the node may catch it. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String what) {
        super(what);
    }

    static void unless(boolean held, String what) {
        if (!held) {
            throw new Violation(what);
        }
    }
}
