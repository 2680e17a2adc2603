package io.qbc.planted.gossip.chains;

/** Breaks a rule on purpose, with its namesake in another package; ArchitectureTest must find it. */
public final class Twin {
    private Twin() {}

    public static int answer() {
        return 1;
    }
}
