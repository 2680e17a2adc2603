package io.qbc.mining;

import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signer;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * What the miners of all chains share.
 *
 * @param signs for which chains, by name, this node signs
 * @param listening the shortest time to listen to a chain before the first promise in it
 * @param threads where quants are sealed
 */
record Miners(
        NodeConfig config,
        Signer signer,
        Predicate<ChainSpec> signs,
        InstantSource clock,
        Duration listening,
        WorkerExecutor threads) {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** How long to listen to a chain: three slots, within bounds. */
    Duration listening(ChainSpec spec) {
        long slot = spec.consensus().numbers().getOrDefault("period", 0L);
        Duration slots = Duration.ofMillis(Math.min(LONGEST.toMillis(), 3 * slot));
        return slots.compareTo(listening) > 0 ? slots : listening;
    }
}
