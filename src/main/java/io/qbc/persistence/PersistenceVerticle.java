package io.qbc.persistence;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.BACKLOG_GREW;
import static io.qbc.bus.Catalogue.BACKUP;
import static io.qbc.bus.Catalogue.BANG;
import static io.qbc.bus.Catalogue.CHAIN_CLOSED;
import static io.qbc.bus.Catalogue.CHAIN_OPENED;
import static io.qbc.bus.Catalogue.DROP;
import static io.qbc.bus.Catalogue.EQUIVOCATION_FOUND;
import static io.qbc.bus.Catalogue.FETCH;
import static io.qbc.bus.Catalogue.FIND_ANALYTICS;
import static io.qbc.bus.Catalogue.FIND_ANCESTOR;
import static io.qbc.bus.Catalogue.FIND_BACKUP;
import static io.qbc.bus.Catalogue.FIND_CHAINS;
import static io.qbc.bus.Catalogue.FIND_COMMON;
import static io.qbc.bus.Catalogue.FIND_COMPACT_QUANT;
import static io.qbc.bus.Catalogue.FIND_CONSENSUS;
import static io.qbc.bus.Catalogue.FIND_DAMAGE;
import static io.qbc.bus.Catalogue.FIND_LOCATOR;
import static io.qbc.bus.Catalogue.FIND_ORPHANS;
import static io.qbc.bus.Catalogue.FIND_QUANT;
import static io.qbc.bus.Catalogue.FIND_ROLLUP;
import static io.qbc.bus.Catalogue.FIND_SCRUB;
import static io.qbc.bus.Catalogue.FIND_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.FIND_STORE;
import static io.qbc.bus.Catalogue.FIND_SUBSCRIPTION_ROWS;
import static io.qbc.bus.Catalogue.FIND_TIP;
import static io.qbc.bus.Catalogue.FIND_TRANSACTIONS;
import static io.qbc.bus.Catalogue.FIND_WAITING;
import static io.qbc.bus.Catalogue.FREEZE;
import static io.qbc.bus.Catalogue.HEAD_MOVED;
import static io.qbc.bus.Catalogue.KEEP;
import static io.qbc.bus.Catalogue.KEEP_SIGNING_RECORD;
import static io.qbc.bus.Catalogue.KEEP_SUBSCRIPTION_ROWS;
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
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.KeepSubscriptionRows;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.RollupState;
import io.qbc.bus.Catalogue.SubscriptionRows;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Signatures;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.read.Pages;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.store.NativeLibrary;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.write.KeepWrite;
import io.qbc.persistence.write.SubscriptionWrite;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stage of the store: transactions and quants come in, answers and moves of the head go out. */
public final class PersistenceVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PersistenceVerticle.class);
    /** How often it is looked how much room the disk has. */
    private static final long LOOK_MILLIS = 1000;

    private final StoreOpener opener;
    private final InstantSource clock;
    private final Duration askTimeout;
    private WorkerExecutor worker;
    private StoreSupervisor store;
    private boolean looking;
    private boolean stopping;

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
        this(config, chains, signatures, rules, clock, askTimeout, UnaryOperator.identity());
    }

    /** @param freeBytes gives what is taken for the free bytes of the disk, made of those that there are */
    public PersistenceVerticle(
            NodeConfig config,
            List<ChainSpec> chains,
            Signatures signatures,
            DataRules.Reader rules,
            InstantSource clock,
            Duration askTimeout,
            UnaryOperator<LongSupplier> freeBytes) {
        this(new StoreOpener(config, chains, signatures, rules, StoreAccess.of(config, freeBytes)), clock, askTimeout);
    }

    PersistenceVerticle(StoreOpener opener, InstantSource clock, Duration askTimeout) {
        this.opener = opener;
        this.clock = clock;
        this.askTimeout = askTimeout;
    }

    /** Checks that the store can run on this machine, and refuses it as a configuration if not. */
    public static void requireLibrary() {
        NativeLibrary.require();
    }

    /** Loads the store's native library, which takes a while and may happen beside other things. */
    public static void loadLibrary(NodeConfig config) {
        NativeLibrary.loadFrom(config.data().resolve("native"));
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        worker = vertx.createSharedWorkerExecutor("store-opener-" + deploymentID(), 1, 10, TimeUnit.MINUTES);
        store = new StoreSupervisor(opener, clock, new BusEvents(context, bus));
        return blocking(store::open)
                .recover(PersistenceVerticle::advised)
                .compose(opened -> Future.all(chains(bus), transactions(bus), reads(bus), state(bus), upkeep(bus)))
                .onSuccess(served -> vertx.setPeriodic(LOOK_MILLIS, timer -> look()))
                .onFailure(e -> worker.close());
    }

    /** Whoever starts a node is told what to do. */
    private static Future<Void> advised(Throwable cause) {
        return Future.failedFuture(cause instanceof StoreException fault ? fault.advised() : cause);
    }

    private void look() {
        if (!looking && !stopping) {
            looking = true;
            blocking(store::look)
                    .onFailure(e -> LOG.error("it could not be looked how much room there is", e))
                    .onComplete(looked -> looking = false);
        }
    }

    private <T> Future<T> on(Hash chain, Function<OpenChain, Future<T>> action) {
        return store.now().on(chain, action);
    }

    private <T> Future<T> query(Hash chain, Function<Queries, T> query) {
        return store.now().query(chain, query);
    }

    private <T> Future<T> page(Hash chain, Function<Pages, T> page) {
        return store.now().page(chain, page);
    }

    private CommitLoop commits() {
        return store.now().commitLoop();
    }

    private Future<?> chains(Bus bus) {
        return Future.all(List.of(
                bus.serve(BANG, q -> commits().bang(q.spec(), q.begun(), q.foreign())),
                bus.serve(DROP, q -> on(q.chain(), commits()::drop)),
                bus.serve(FREEZE, q -> on(q.chain(), chain -> commits().freeze(chain, q.frozen()))),
                bus.serve(
                        KEEP_SIGNING_RECORD,
                        q -> on(q.chain(), chain -> commits().keep(q))),
                bus.serve(FIND_SIGNING_RECORD, q -> query(q.chain(), Queries::signingRecord)),
                bus.serve(FIND_ANCESTOR, q -> store.now().ancestor(q)),
                bus.serve(FIND_CONSENSUS, q -> query(q.chain(), here -> here.status(clock.millis())))));
    }

    private Future<?> transactions(Bus bus) {
        return Future.all(List.of(
                bus.serve(KEEP, this::keep),
                bus.serve(APPEND, q -> on(q.chain(), chain -> commits().append(chain, q))),
                bus.serve(FIND_WAITING, q -> on(q.chain(), chain -> commits().waiting(chain, q)))));
    }

    private Future<Injected> keep(Keep keep) {
        StoreService open = store.now();
        return open.on(keep.chain(), chain -> KeepWrite.through(open.writer(), chain, keep));
    }

    private Future<?> state(Bus bus) {
        return Future.all(
                bus.serve(FIND_DAMAGE, q -> Future.succeededFuture(store.now().damage())),
                bus.serve(
                        FIND_CHAINS,
                        q -> Future.succeededFuture(store.now().chainAdmin().chains())),
                bus.serve(FIND_ORPHANS, q -> Future.succeededFuture(commits().orphans())),
                bus.serve(FIND_STORE, q -> Future.succeededFuture(store.state())));
    }

    private Future<?> reads(Bus bus) {
        return Future.all(List.of(
                bus.serve(FIND_TIP, q -> on(q.chain(), chain -> Future.succeededFuture(chain.tip()))),
                bus.serve(FIND_TRANSACTIONS, q -> query(q.chain(), here -> here.transactions(q.ids()))),
                bus.serve(FIND_QUANT, q -> query(q.chain(), here -> here.quant(q))),
                bus.serve(READ, q -> page(q.chain(), here -> here.read(q))),
                bus.serve(READ_QUANT, q -> page(q.chain(), here -> here.read(q))),
                bus.serve(WHICH_UNKNOWN, q -> query(q.chain(), here -> here.unknown(q.ids()))),
                bus.serve(FETCH, q -> query(q.chain(), here -> here.fetch(q))),
                bus.serve(FIND_COMPACT_QUANT, q -> query(q.chain(), here -> here.outline(q.quant()))),
                bus.serve(FIND_LOCATOR, q -> query(q.chain(), Queries::locator)),
                bus.serve(FIND_COMMON, q -> query(q.chain(), here -> here.common(q.hashes()))),
                bus.serve(FIND_ANALYTICS, q -> store.now().analytics(q)),
                bus.serve(
                        FIND_ROLLUP,
                        q -> Future.succeededFuture(
                                new RollupState(store.now().rollup().behind())))));
    }

    private Future<SubscriptionRows> keep(KeepSubscriptionRows keep) {
        StoreService open = store.now();
        return open.on(keep.chain(), chain -> SubscriptionWrite.through(open.writer(), chain, keep));
    }

    private Future<?> upkeep(Bus bus) {
        return Future.all(
                bus.serve(KEEP_SUBSCRIPTION_ROWS, q -> keep(q)),
                bus.serve(FIND_SUBSCRIPTION_ROWS, q -> query(q.chain(), here -> here.subscriptionRows(q))),
                bus.serve(
                        BACKUP,
                        q -> vertx.executeBlocking(() -> store.now().backups().begin(q), false)),
                bus.serve(
                        FIND_BACKUP,
                        q -> Future.succeededFuture(store.now().backups().state())),
                bus.serve(
                        FIND_SCRUB,
                        q -> Future.succeededFuture(store.now().scrubber().state())));
    }

    @Override
    public Future<?> stop() {
        stopping = true;
        return blocking(store::close).eventually(worker::close);
    }

    private Future<Void> blocking(Runnable work) {
        return worker.executeBlocking(() -> {
            work.run();
            return null;
        });
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
