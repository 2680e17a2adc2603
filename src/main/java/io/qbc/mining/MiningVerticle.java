package io.qbc.mining;

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
import io.qbc.model.Signer;
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
    private final Map<Hash, ChainMiner> miners = new HashMap<>();
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
        this(config, signer, signs, clock, askTimeout, LISTENING_MIN);
    }

    MiningVerticle(
            NodeConfig config,
            Signer signer,
            Predicate<ChainSpec> signs,
            InstantSource clock,
            Duration askTimeout,
            Duration listening) {
        this.config = config;
        this.signer = signer;
        this.signs = signs;
        this.clock = clock;
        this.askTimeout = askTimeout;
        this.listening = listening;
    }

    @Override
    public Future<?> start() {
        bus = new Bus(vertx, askTimeout);
        startedAt = clock.millis();
        sealers = vertx.createSharedWorkerExecutor("sealer", SEALER_THREADS);
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
                        bus.serve(LEAP, at(Catalogue.Leap::chain, ChainMiner::leap)),
                        bus.serve(FIND_POOLS, find -> Future.succeededFuture(pools(find))),
                        bus.serve(FIND_NEWS, at(Catalogue.FindNews::chain, ChainMiner::news))));
    }

    @Override
    public Future<?> stop() {
        miners.values().forEach(ChainMiner::stop);
        return sealers.close();
    }

    private Future<?> load(Catalogue.Chains chains) {
        List<Future<Void>> loads = chains.chains().stream()
                .filter(chain -> !miners.containsKey(chain.id()))
                .map(chain -> miner(chain, false))
                .map(ChainMiner::load)
                .toList();
        return Future.all(loads);
    }

    private ChainMiner miner(Catalogue.Chain chain, boolean begun) {
        MiningContext context =
                new MiningContext(vertx, bus, config, signer, signs, clock, startedAt, listening, sealers);
        ChainMiner miner = new ChainMiner(context, chain, begun);
        miners.put(chain.id(), miner);
        return miner;
    }

    /** A new chain, or one whose freezing changed. */
    private void opened(Catalogue.ChainOpened event) {
        Catalogue.Chain chain = event.chain();
        ChainMiner miner = miners.get(chain.id());
        if (miner == null) {
            miner(chain, event.begun())
                    .load()
                    .onFailure(e -> LOG.error("the pool of {} could not be filled", chain.id(), e));
        } else {
            miner.freeze(chain.frozen());
        }
    }

    private void closed(Catalogue.ChainClosed event) {
        ChainMiner miner = miners.remove(event.chain());
        if (miner != null) {
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
            ChainMiner miner = miners.get(chain.apply(question));
            return miner == null
                    ? Future.failedFuture(new Failure(
                            Reason.CHAIN_UNKNOWN, chain.apply(question).hex()))
                    : verb.answer(miner, question);
        };
    }

    /** One thing that a chain's miner is asked. */
    private interface Verb<Q, R> {
        Future<R> answer(ChainMiner miner, Q question);
    }
}
