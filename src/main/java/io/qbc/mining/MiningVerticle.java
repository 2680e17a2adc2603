package io.qbc.mining;

import static io.qbc.bus.Catalogue.AUDIT;
import static io.qbc.bus.Catalogue.BACKLOG_GREW;
import static io.qbc.bus.Catalogue.CHAIN_CLOSED;
import static io.qbc.bus.Catalogue.CHAIN_OPENED;
import static io.qbc.bus.Catalogue.EQUIVOCATION_FOUND;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_NEWS;
import static io.qbc.bus.Catalogue.FIND_POOLS;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.INJECT;
import static io.qbc.bus.Catalogue.LEAP;
import static io.qbc.bus.Catalogue.OPERATE;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindPools;
import io.qbc.bus.Catalogue.PoolState;
import io.qbc.bus.Catalogue.Pools;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import io.qbc.tracing.Tracing;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage between REST, the event bus and the store: what waits in each chain, and the leaps that seal it. */
public final class MiningVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(MiningVerticle.class);
    private static final int SEALER_THREADS = 2;
    private static final long WATCH_MILLIS = 10_000;
    private static final Duration LISTENING_MIN = Duration.ofSeconds(3);

    private final NodeConfig config;
    private final Signer signer;
    private final Predicate<ChainSpec> signs;
    private final InstantSource clock;
    private final Duration askTimeout;
    private final Duration listening;
    private final Tracing tracing;
    private final Map<Hash, ChainMiner> miners = new HashMap<>();
    /** Why chains have no miner that are open. */
    private final Map<Hash, Refusal> damaged = new HashMap<>();

    /** That of this node's audit trail. */
    private Optional<ChainMiner> trail = Optional.empty();

    private Bus bus;
    private WorkerExecutor sealers;
    private long startedAt;

    /**
     * A stage that signs with {@code signer}.
     *
     * @param signs for which chains, by name
     */
    public MiningVerticle(
            NodeConfig config, Signer signer, Predicate<ChainSpec> signs, InstantSource clock, Duration askTimeout) {
        this(config, signer, signs, clock, askTimeout, Tracing.off());
    }

    /** A stage whose work is traced. */
    public MiningVerticle(
            NodeConfig config,
            Signer signer,
            Predicate<ChainSpec> signs,
            InstantSource clock,
            Duration askTimeout,
            Tracing tracing) {
        this(config, signer, signs, clock, askTimeout, LISTENING_MIN, tracing);
    }

    MiningVerticle(
            NodeConfig config,
            Signer signer,
            Predicate<ChainSpec> signs,
            InstantSource clock,
            Duration askTimeout,
            Duration listening,
            Tracing tracing) {
        this.config = config;
        this.signer = signer;
        this.signs = signs;
        this.clock = clock;
        this.askTimeout = askTimeout;
        this.listening = listening;
        this.tracing = tracing;
    }

    @Override
    public Future<?> start() {
        bus = new Bus(vertx, askTimeout);
        startedAt = clock.millis();
        sealers = vertx.createSharedWorkerExecutor("sealer-" + deploymentID(), SEALER_THREADS);
        vertx.setPeriodic(WATCH_MILLIS, timer -> miners.values().forEach(ChainMiner::watch));
        return Future.all(
                        bus.follow(HEAD_MOVED, this::headMoved),
                        bus.follow(BACKLOG_GREW, this::backlogGrew),
                        bus.follow(EQUIVOCATION_FOUND, this::equivocationFound),
                        bus.follow(CHAIN_OPENED, this::opened),
                        bus.follow(CHAIN_CLOSED, this::closed))
                .compose(done -> bus.ask(FIND_CHAINS, new Catalogue.FindChains()))
                .compose(this::load)
                .compose(done -> Future.all(
                        bus.serve(INJECT, at(Catalogue.Inject::chain, ChainMiner::inject)),
                        bus.serve(OPERATE, at(Catalogue.Operate::chain, ChainMiner::operate)),
                        bus.serve(AUDIT, this::audit),
                        bus.serve(LEAP, at(Catalogue.Leap::chain, ChainMiner::leap)),
                        bus.serve(FIND_POOLS, find -> Future.succeededFuture(pools(find))),
                        bus.serve(FIND_NEWS, at(Catalogue.FindNews::chain, ChainMiner::news))));
    }

    @Override
    public Future<?> stop() {
        miners.values().forEach(ChainMiner::stop);
        return sealers.close();
    }

    /** Writes into the audit trail, if there is one here that this node's key seals. */
    private Future<Catalogue.Injected> audit(Catalogue.Audit audit) {
        return trail.map(miner -> miner.record(audit))
                .orElseGet(() -> Future.failedFuture(
                        new Failure(Reason.CHAIN_UNKNOWN, "there is no audit trail that can be written")));
    }

    private Future<?> load(Catalogue.Chains chains) {
        List<Future<Void>> loads = chains.chains().stream()
                .filter(chain -> !miners.containsKey(chain.id()))
                .map(chain -> load(chain, false))
                .toList();
        return Future.all(loads);
    }

    /** Fills a chain's pool; where damage prevents that, the chain is set aside, and the others go on. */
    private Future<Void> load(Catalogue.Chain chain, boolean begun) {
        damaged.remove(chain.id());
        ChainMiner miner = miner(chain, begun);
        return miner.load().recover(cause -> {
            Refusal refusal = Failure.of(cause);
            if (refusal.reason() != Reason.CORRUPT) {
                return Future.failedFuture(cause);
            }
            LOG.error(
                    "the chain {} takes no transactions and makes no quants, since what waits in it cannot be read: {}",
                    chain.spec().name(),
                    refusal.detail());
            miners.remove(chain.id(), miner);
            trail = trail.filter(kept -> kept != miner);
            miner.stop();
            damaged.put(chain.id(), refusal);
            return Future.succeededFuture();
        });
    }

    private ChainMiner miner(Catalogue.Chain chain, boolean begun) {
        MiningContext context =
                new MiningContext(vertx, bus, config, signer, signs, clock, startedAt, listening, sealers, tracing);
        ChainMiner miner = new ChainMiner(context, chain, begun);
        miners.put(chain.id(), miner);
        if (miner.keepsTrail()) {
            trail = Optional.of(miner);
        }
        return miner;
    }

    /** A new chain, or one whose freezing changed. */
    private void opened(Catalogue.ChainOpened event) {
        Catalogue.Chain chain = event.chain();
        ChainMiner miner = miners.get(chain.id());
        if (miner == null) {
            load(chain, event.begun()).onFailure(e -> LOG.error("the pool of {} could not be filled", chain.id(), e));
        } else {
            miner.freeze(chain.frozen());
        }
    }

    private void closed(Catalogue.ChainClosed event) {
        damaged.remove(event.chain());
        ChainMiner miner = miners.remove(event.chain());
        if (miner != null) {
            trail = trail.filter(kept -> kept != miner);
            miner.stop();
        }
    }

    private void equivocationFound(Catalogue.EquivocationFound event) {
        ChainMiner miner = miners.get(event.chain());
        if (miner != null) {
            miner.accuse(event.evidence());
        }
    }

    private void headMoved(Catalogue.HeadMoved moved) {
        ChainMiner miner = miners.get(moved.chain());
        if (miner != null) {
            miner.headMoved(moved);
        }
    }

    private void backlogGrew(Catalogue.BacklogGrew event) {
        ChainMiner miner = miners.get(event.chain());
        if (miner != null) {
            miner.backlogGrew(event.from());
        }
    }

    /** A chain that came or went this moment has no pool; that is no reason to tell nothing of the others. */
    private Pools pools(FindPools find) {
        return new Pools(find.chains().stream()
                .map(chain -> Optional.ofNullable(miners.get(chain))
                        .map(ChainMiner::state)
                        .orElse(PoolState.EMPTY))
                .toList());
    }

    private <Q, R> Function<Q, Future<R>> at(Function<Q, Hash> chain, Verb<Q, R> verb) {
        return question -> {
            Hash id = chain.apply(question);
            ChainMiner miner = miners.get(id);
            return miner == null
                    ? Future.failedFuture(new Failure(damaged.getOrDefault(id, Reason.CHAIN_UNKNOWN.refusal(id.hex()))))
                    : verb.answer(miner, question);
        };
    }

    /** One thing that a chain's miner is asked. */
    private interface Verb<Q, R> {
        Future<R> answer(ChainMiner miner, Q question);
    }
}
