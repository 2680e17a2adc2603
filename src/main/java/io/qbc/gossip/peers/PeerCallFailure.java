package io.qbc.gossip.peers;

import io.qbc.protocol.effect.Fault;

/** The failure of a call to a peer. */
public class PeerCallFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Fault.Kind kind;

    /**
     * One instance.
     *
     * @param kind how the call failed; never this node's own fault
     */
    public PeerCallFailure(Fault.Kind kind, String detail) {
        super(detail, null, false, false);
        this.kind = kind;
    }

    /** The peer answers, but not in this protocol. */
    static PeerCallFailure malformed() {
        return new PeerCallFailure(Fault.Kind.DECLINED, "the answer is malformed");
    }

    public Fault.Kind kind() {
        return kind;
    }
}
