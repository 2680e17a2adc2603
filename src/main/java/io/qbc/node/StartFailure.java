package io.qbc.node;

/** A stage of the node did not start. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StartFailure(String stage, Throwable cause) {
        super("the stage " + stage + " did not start", cause);
    }
}
