package io.qbc.cli.call;

/** A failure of a command that asks a node: what to say, how to end, and what the node answered, if it did. */
public final class CallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode code;
    private final String answer;

    /** A failure to which no answer of the node belongs. */
    public CallFailure(ExitCode code, String message) {
        this(code, message, "");
    }

    /** A failure with the node's answer, which {@code --json} prints. */
    public CallFailure(ExitCode code, String message, String answer) {
        super(message, null, false, false);
        this.code = code;
        this.answer = answer;
    }

    /** How the command ends. */
    public ExitCode code() {
        return code;
    }

    /** The node's answer, empty without one. */
    String answer() {
        return answer;
    }
}
