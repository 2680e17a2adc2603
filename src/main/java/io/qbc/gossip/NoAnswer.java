package io.qbc.gossip;

/** A call to a peer came to nothing. */
final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    NoAnswer(Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    /** How it came to nothing. */
    enum Kind {
        /** Nobody listens there. */
        REFUSED,
        /** No answer in time, a broken connection, or an answer that is none. */
        SILENT,
        /** It answered that it cannot now or will not. */
        DECLINED
    }

    Kind kind() {
        return kind;
    }
}
