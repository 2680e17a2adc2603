package io.qbc.gossip;

import io.qbc.talk.Fault;

/** What to make of answers that are none. */
final class Replies {
    private Replies() {}

    /** The peer answers, but not in this protocol. */
    static NoAnswer malformed() {
        return new NoAnswer(Fault.Kind.DECLINED, "the answer is malformed");
    }
}
