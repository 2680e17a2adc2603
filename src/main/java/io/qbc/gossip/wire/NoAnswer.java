package io.qbc.gossip.wire;

import io.qbc.protocol.effect.Fault;

/** A call to a peer came to nothing. */
public final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault.Kind kind;

    /**
     * One instance.
     *
     * @param kind how it came to nothing; never this node's own fault
     */
    public NoAnswer(Fault.Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    public Fault.Kind kind() {
        return kind;
    }
}
