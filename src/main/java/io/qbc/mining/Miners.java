package io.qbc.mining;

import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signer;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;

/**
 * What the miners of all chains share.
 *
 * @param signs for which chains, by name, this node signs
 * @param startedAt when this node began to mine, milliseconds since 1970
 * @param listening the shortest time to listen to a chain before the first promise in it
 * @param threads where quants are sealed
 */
record Miners(
        NodeConfig config,
        Signer signer,
        Predicate<ChainSpec> signs,
        InstantSource clock,
        long startedAt,
        Duration listening,
        WorkerExecutor threads) {
    private static final Duration LONGEST = Duration.ofSeconds(30);

    /** How long to listen to a chain: three slots, within bounds. */
    Duration listening(ChainSpec spec) {
        long slot = spec.consensus().numbers().getOrDefault("period", 0L);
        Duration slots = Duration.ofMillis(Math.min(LONGEST.toMillis(), 3 * slot));
        return slots.compareTo(listening) > 0 ? slots : listening;
    }

    /**
     * Whether nobody else could tell what this node's key has signed: it is the only one that the chain began with, or
     * the chain began only after this node started.
     */
    boolean alone(ChainSpec spec) {
        boolean sole = spec.consensus().participants().equals(List.of(signer.key()));
        long drift = config.ledger().driftMax().toMillis();
        return sole || spec.genesisTime() - drift >= startedAt;
    }
}
