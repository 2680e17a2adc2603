package io.qbc.gossip;

import io.qbc.talk.Fault;

/** A call to a peer came to nothing. */
final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault.Kind kind;

    /** @param kind how it came to nothing; never this node's own fault */
    NoAnswer(Fault.Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    Fault.Kind kind() {
        return kind;
    }
}
