package io.qbc.cli.remote;

/** A failure of a command that asks a node: what to say, how to end, and what the node answered, if it did. */
public final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String answer;

    CallFailure(ExitCode code, String message) {
        this(code, message, "");
    }

    CallFailure(ExitCode code, String message, String answer) {
        super(message, null, false, false);
        this.code = code;
        this.answer = answer;
    }

    ExitCode code() {
        return code;
    }

    /** The node's answer, empty without one. */
    String answer() {
        return answer;
    }
}
