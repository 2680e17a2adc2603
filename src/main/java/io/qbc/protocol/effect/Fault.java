package io.qbc.protocol.effect;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/** The failure of an effect: whose fault it is, and why. */
public record Fault(Kind kind, Refusal refusal) {
    /** Who failed, and how. */
    public enum Kind {
        /** Nobody listens at the peer's address. */
        REFUSED,
        /** No answer in time, a broken connection, or an answer that is none. */
        SILENT,
        /** The answer came, but took longer than it may. */
        SLOW,
        /** The peer answered that it cannot now. */
        BUSY,
        /** The peer answered that it will not, or something that is no answer of this protocol. */
        DECLINED,
        /** This node could not do it. */
        OWN
    }

    /** A fault of the peer that was called. */
    public static Fault peer(Kind kind, String why) {
        return new Fault(kind, Reason.PEER_UNREACHABLE.refusal(why));
    }

    /** A fault of this node. */
    public static Fault own(Refusal refusal) {
        return new Fault(Kind.OWN, refusal);
    }

    /** The peer answers, but not in this protocol. */
    public static Fault malformed() {
        return peer(Kind.DECLINED, "the answer is malformed");
    }

    @Override
    public String toString() {
        return kind + ": " + refusal.detail();
    }
}
