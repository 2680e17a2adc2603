package io.qbc.planted.gossip.peers;

import io.qbc.planted.gossip.UsesInner;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class Inner {
    private Inner() {}

    public static int answer() {
        return UsesInner.answer();
    }
}
