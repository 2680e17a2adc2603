package io.qbc.gossip.wire;

import io.qbc.protocol.effect.Fault;

/** What to make of answers that are none. */
public final class Replies {
    private Replies() {}

    /** The peer answers, but not in this protocol. */
    public static NoAnswer malformed() {
        return new NoAnswer(Fault.Kind.DECLINED, "the answer is malformed");
    }
}
