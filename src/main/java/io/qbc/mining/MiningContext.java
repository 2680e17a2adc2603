package io.qbc.mining;

import io.qbc.bus.Bus;
import io.qbc.config.NodeConfig;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.ledger.leap.LeapPolicy;
import io.qbc.ledger.leap.LeapSetup;
import io.qbc.ledger.leap.Listening;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signer;
import io.qbc.tracing.Tracing;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Predicate;

/**
 * What all chains' miners share.
 *
 * @param signs for which chains, by name, this node signs
 * @param startedAt when this node began to mine, milliseconds since 1970
 * @param listening the shortest time to listen to a chain before the first promise in it
 * @param sealers where quants are sealed
 * @param tracing spans of what waits and of leaps
 */
record MiningContext(
        Vertx vertx,
        Bus bus,
        NodeConfig config,
        Signer signer,
        Predicate<ChainSpec> signs,
        InstantSource clock,
        long startedAt,
        Duration listening,
        WorkerExecutor sealers,
        Tracing tracing) {
    private static final int TRANSACTIONS_MAX = 10_000_000;

    /** @param begun whether the chain began here, just now; otherwise its genesis time may be by another's clock */
    LeapSetup setup(ChainSpec spec, boolean begun) {
        Engine engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new IllegalStateException(
                        "no engine " + spec.consensus().engine()));
        long driftMillis = config.ledger().driftMax().toMillis();
        return new LeapSetup(
                spec,
                engine,
                signer.key(),
                signs.test(spec),
                policy(config.leap(), spec.leap()),
                Listening.of(spec, signer.key(), listening.toMillis(), begun ? startedAt : startedAt + driftMillis));
    }

    /** What the chain's makers said goes before what the node says. */
    private static LeapPolicy policy(NodeConfig.Leap node, ChainSpec.LeapHints chain) {
        return new LeapPolicy(
                chain.transactions() < 0 ? node.transactions() : (int) Math.min(TRANSACTIONS_MAX, chain.transactions()),
                chain.bytes() < 0 ? node.bytes() : chain.bytes(),
                chain.ageMs() < 0 ? node.age().toMillis() : chain.ageMs(),
                node.queue());
    }
}
