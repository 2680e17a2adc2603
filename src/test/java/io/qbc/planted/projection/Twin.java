package io.qbc.planted.projection;

/** Breaks two rules on purpose, by its name and by its neighbour; ArchitectureTest must find it. */
public final class Twin {
    private Twin() {}

    public static int answer() {
        return io.qbc.planted.gossip.chains.Twin.answer();
    }
}
