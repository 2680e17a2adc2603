package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.BACKLOG_GREW;
import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.CHAIN_CLOSED;
import static io.qbc.bus.Catalogue.CHAIN_OPENED;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.EQUIVOCATION_FOUND;
import static io.qbc.bus.Catalogue.FETCH;
import static io.qbc.bus.Catalogue.FIND_ANCESTOR;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_COMMON;
import static io.qbc.bus.Catalogue.FIND_COMPACT_QUANT;
import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static io.qbc.bus.Catalogue.FIND_DAMAGE;
import static io.qbc.bus.Catalogue.FIND_LOCATOR;
import static io.qbc.bus.Catalogue.FIND_ORPHANS;
import static io.qbc.bus.Catalogue.FIND_QUANT;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.FREEZE;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.KEEP;
import static io.qbc.bus.Catalogue.KEEP_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.ORPHANED;
import static io.qbc.bus.Catalogue.READ;
import static io.qbc.bus.Catalogue.READ_QUANT;
import static io.qbc.bus.Catalogue.WHICH_UNKNOWN;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Signatures;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.store.NativeLibrary;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.KeepWrite;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** The stage of the store: transactions and quants come in, answers and moves of the head go out. */
public final class PersistenceVerticle extends VerticleBase {
    private final NodeConfig config;
    private final List<ChainSpec> chains;
    private final Signatures signatures;
    private final DataRules.Reader rules;
    private final InstantSource clock;
    private final Duration askTimeout;
    private final Function<Path, Store> opener;
    private Optional<StoreService> storeService = Optional.empty();

    /**
     * A verticle that keeps these chains, and whatever else is in the data directory.
     *
     * @param rules makes the rules that chains have for their data
     * @param clock what quants' timestamps are judged by
     * @param askTimeout of the bus
     */
    public PersistenceVerticle(
            NodeConfig config,
            List<ChainSpec> chains,
            Signatures signatures,
            DataRules.Reader rules,
            InstantSource clock,
            Duration askTimeout) {
        this(config, chains, signatures, rules, clock, askTimeout, path -> {
            loadLibrary(config);
            return RocksStore.open(path, config.store());
        });
    }

    PersistenceVerticle(
            NodeConfig config,
            List<ChainSpec> chains,
            Signatures signatures,
            DataRules.Reader rules,
            InstantSource clock,
            Duration askTimeout,
            Function<Path, Store> opener) {
        this.config = config;
        this.chains = List.copyOf(chains);
        this.signatures = signatures;
        this.rules = rules;
        this.clock = clock;
        this.askTimeout = askTimeout;
        this.opener = opener;
    }

    /** Loads the store's native library, which takes a while and may happen beside other things. */
    public static void loadLibrary(NodeConfig config) {
        NativeLibrary.loadFrom(config.data().resolve("native"));
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        CommitEvents events = new BusEvents(context, bus);
        return onOpener(() -> new StoreService(
                        DataDirectory.open(config, chains, signatures, rules, opener), config, clock, events))
                .compose(opened -> serve(bus, opened));
    }

    private Future<?> serve(Bus bus, StoreService opened) {
        storeService = Optional.of(opened);
        opened.start();
        return Future.all(chains(bus, opened), transactions(bus, opened), reads(bus, opened));
    }

    private Future<?> chains(Bus bus, StoreService opened) {
        CommitLoop commitLoop = opened.commitLoop();
        return Future.all(List.of(
                bus.serve(BANG, q -> commitLoop.bang(q.spec())),
                bus.serve(DROP, q -> opened.on(q.chain(), commitLoop::drop)),
                bus.serve(FREEZE, q -> opened.on(q.chain(), chain -> commitLoop.freeze(chain, q.frozen()))),
                bus.serve(KEEP_SIGNING_RECORD, q -> opened.on(q.chain(), chain -> commitLoop.keep(q))),
                bus.serve(FIND_SIGNING_RECORD, q -> opened.query(q.chain(), Queries::signingRecord)),
                bus.serve(FIND_ANCESTOR, opened::ancestor),
                bus.serve(FIND_CONSENSUS, q -> opened.query(q.chain(), here -> here.status(clock.millis())))));
    }

    private static Future<?> transactions(Bus bus, StoreService opened) {
        return Future.all(List.of(
                bus.serve(KEEP, q -> opened.on(q.chain(), chain -> KeepWrite.through(opened.writer(), chain, q))),
                bus.serve(
                        APPEND,
                        q -> opened.on(q.chain(), chain -> opened.commitLoop().append(chain, q))),
                bus.serve(
                        FIND_WAITING,
                        q -> opened.on(q.chain(), chain -> opened.commitLoop().waiting(chain, q)))));
    }

    private static Future<?> reads(Bus bus, StoreService opened) {
        return Future.all(List.of(
                bus.serve(
                        FIND_DAMAGE,
                        q -> Future.succeededFuture(opened.chainAdmin().damage())),
                bus.serve(
                        FIND_CHAINS,
                        q -> Future.succeededFuture(opened.chainAdmin().chains())),
                bus.serve(
                        FIND_ORPHANS,
                        q -> Future.succeededFuture(opened.commitLoop().orphans())),
                bus.serve(FIND_TIP, q -> opened.on(q.chain(), chain -> Future.succeededFuture(chain.tip()))),
                bus.serve(FIND_TRANSACTIONS, q -> opened.query(q.chain(), here -> here.transactions(q.ids()))),
                bus.serve(FIND_QUANT, q -> opened.query(q.chain(), here -> here.quant(q))),
                bus.serve(READ, q -> opened.page(q.chain(), here -> here.read(q))),
                bus.serve(READ_QUANT, q -> opened.page(q.chain(), here -> here.read(q))),
                bus.serve(WHICH_UNKNOWN, q -> opened.query(q.chain(), here -> here.unknown(q.ids()))),
                bus.serve(FETCH, q -> opened.query(q.chain(), here -> here.fetch(q))),
                bus.serve(FIND_COMPACT_QUANT, q -> opened.query(q.chain(), here -> here.outline(q.quant()))),
                bus.serve(FIND_LOCATOR, q -> opened.query(q.chain(), Queries::locator)),
                bus.serve(FIND_COMMON, q -> opened.query(q.chain(), here -> here.common(q.hashes())))));
    }

    @Override
    public Future<?> stop() {
        return storeService
                .<Future<?>>map(opened -> onOpener(() -> {
                    opened.close();
                    return opened;
                }))
                .orElse(Future.succeededFuture());
    }

    private <T> Future<T> onOpener(Callable<T> work) {
        WorkerExecutor worker = vertx.createSharedWorkerExecutor("store-opener", 1, 10, TimeUnit.MINUTES);
        return worker.executeBlocking(work).onComplete(done -> worker.close());
    }

    /** Answers and events leave on the verticle's context, so that they keep their order. */
    private record BusEvents(Context context, Bus bus) implements CommitEvents {
        @Override
        public void execute(Runnable work) {
            context.runOnContext(none -> work.run());
        }

        @Override
        public void headMoved(HeadMoved event) {
            bus.tell(HEAD_MOVED, event);
        }

        @Override
        public void orphaned(Orphaned event) {
            bus.tell(ORPHANED, event);
        }

        @Override
        public void backlogGrew(BacklogGrew event) {
            bus.tell(BACKLOG_GREW, event);
        }

        @Override
        public void equivocationFound(EquivocationFound event) {
            bus.tell(EQUIVOCATION_FOUND, event);
        }

        @Override
        public void chainOpened(ChainOpened event) {
            bus.tell(CHAIN_OPENED, event);
        }

        @Override
        public void chainClosed(ChainClosed event) {
            bus.tell(CHAIN_CLOSED, event);
        }
    }
}
