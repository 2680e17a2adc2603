package io.qbc.node;

/** A stage of the node did not start. */
final class StartFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String stage;

    StartFailure(String stage, Throwable cause) {
        super("the stage " + stage + " did not start", cause);
        this.stage = stage;
    }

    /** The stage's name. */
    String stage() {
        return stage;
    }
}
