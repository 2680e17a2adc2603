package io.qbc.cli.call;

/** The exit codes of commands that ask a node, a part of the public contract. */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "the node has a fault, or what answered is no node"),
    UNACCEPTABLE(2, "the command is not acceptable; nothing was sent"),
    REFUSED(4, "the node refuses what was sent; the same again is refused again"),
    UNKNOWN(5, "there is no such chain, quant or transaction"),
    UNREACHABLE(6, "no node answers at the address, or the connection broke"),
    TIMED_OUT(7, "no answer in time, or what was waited for has not happened"),
    BUSY(8, "not at present: the node is busy, full, stopping, or it is not its turn; try again later");

    private final int number;
    private final String meaning;

    ExitCode(int number, String meaning) {
        this.number = number;
        this.meaning = meaning;
    }

    /** What the process ends with. */
    public int number() {
        return number;
    }

    /** A sentence for people. */
    public String meaning() {
        return meaning;
    }

    /** What a status of HTTP means, and whether the problem says that the same may succeed later. */
    static ExitCode of(int status, boolean retryable) {
        return switch (status) {
            case 404 -> UNKNOWN;
            case 408, 504 -> TIMED_OUT;
            case 429, 502, 503, 507 -> BUSY;
            default -> {
                if (retryable) {
                    yield BUSY;
                }
                yield status >= 400 && status < 500 ? REFUSED : FAILED;
            }
        };
    }
}
