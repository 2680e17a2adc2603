package io.qbc.ledger.leap;

import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import java.util.List;

/**
 * How a key listens to a chain after a start of its node, before its first promise.
 *
 * @param millis for how long
 * @param alone whether it is right then that no peer has the chain
 */
public record Listening(long millis, boolean alone) {
    private static final int SLOTS = 3;
    private static final long MILLIS_MAX = 30_000;

    /**
     * Some slots long, within bounds. Nobody else can tell what the key has signed where it is the only one that the
     * chain began with, or where the chain began only after the node had started.
     *
     * @param millisMin the shortest time
     * @param newSince the genesis time from which on a chain began after the node had started
     */
    public static Listening of(ChainSpec spec, Bytes key, long millisMin, long newSince) {
        long period = spec.consensus().numbers().getOrDefault("period", 0L);
        boolean sole = spec.consensus().participants().equals(List.of(key));
        return new Listening(
                Math.max(millisMin, Math.min(MILLIS_MAX, SLOTS * period)), sole || spec.genesisTime() >= newSince);
    }
}
