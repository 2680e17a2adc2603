package io.qbc.planted.gossip;

import io.qbc.planted.gossip.peers.Inner;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesInner {
    private UsesInner() {}

    public static int answer() {
        return Inner.answer();
    }
}
