package io.qbc.gossip;

/** What to make of answers that are none. */
final class Replies {
    private Replies() {}

    /** The peer answers, but not in this protocol. */
    static NoAnswer malformed() {
        return new NoAnswer(NoAnswer.Kind.DECLINED, "the answer is malformed");
    }
}
