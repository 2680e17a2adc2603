package io.qbc.projection;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DeadRows;
import io.qbc.bus.Catalogue.DroppedProjection;
import io.qbc.bus.Catalogue.FindDead;
import io.qbc.bus.Catalogue.ProjectionPut;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.Projections;
import io.qbc.bus.Catalogue.SteerProjection;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.follow.HeadWatch;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.projection.query.TableReads;
import io.qbc.projection.sql.TableSets;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.WorkerExecutor;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/** Keeps chains as tables: answers what is asked of projections; what blocks is done by threads of their own. */
public final class ProjectionVerticle extends VerticleBase {
    private static final Duration POLL = Duration.ofSeconds(5);
    private static final String DIRECTORY = "projections";

    private final NodeConfig config;
    private final InstantSource clock;
    private final Duration askTimeout;
    private final Function<Bus, ChainSource> source;
    private final DatabaseOpener opener;
    private Optional<ProjectionRegistry> registry = Optional.empty();
    private Optional<TableReads> reads = Optional.empty();
    private Optional<TablesReader> tables = Optional.empty();
    private Optional<HeadWatch> watch = Optional.empty();
    private Optional<WorkerExecutor> changes = Optional.empty();

    public ProjectionVerticle(NodeConfig config, InstantSource clock, Duration askTimeout) {
        this(
                config,
                clock,
                askTimeout,
                bus -> new ChainFeed(bus, askTimeout),
                new TargetOpener(config.data().resolve(DIRECTORY), config.projections(), System.getenv()));
    }

    /** One that reads chains, and opens databases, as it is told. */
    ProjectionVerticle(
            NodeConfig config,
            InstantSource clock,
            Duration askTimeout,
            Function<Bus, ChainSource> source,
            DatabaseOpener opener) {
        this.config = config;
        this.clock = clock;
        this.askTimeout = askTimeout;
        this.source = source;
        this.opener = opener;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, askTimeout);
        NodeConfig.Projections limits = config.projections();
        Worker.Parts parts = new Worker.Parts(source.apply(bus), opener, limits, clock, () -> {});
        ProjectionRegistry made = new ProjectionRegistry(config.data().resolve(DIRECTORY), limits, parts);
        registry = Optional.of(made);
        TablesReader reader = new TablesReader(vertx, bus, limits, made::get);
        tables = Optional.of(reader);
        WorkerExecutor changer = vertx.createSharedWorkerExecutor("qbc-projections", 1);
        changes = Optional.of(changer);
        HeadWatch heads = new HeadWatch(vertx, bus, POLL, this::moved);
        watch = Optional.of(heads);
        return Future.all(serve(bus), serveTables(bus, reader))
                .compose(served -> heads.start())
                .compose(started -> block(() -> {
                    made.load();
                    return true;
                }));
    }

    private Future<?> serve(Bus bus) {
        return Future.all(
                bus.serve(
                        Catalogue.PUT_PROJECTION,
                        ask -> block(() -> registry().put(ask.name(), ask.mapping()))
                                .map(put -> new ProjectionPut(state(put.worker()), put.created()))),
                bus.serve(
                        Catalogue.FIND_PROJECTIONS,
                        ask -> Future.succeededFuture(new Projections(
                                registry().all().stream().map(this::state).toList()))),
                bus.serve(
                        Catalogue.FIND_PROJECTION,
                        ask -> reader().reached(ask.name(), ask.at(), ask.patience())
                                .map(this::state)),
                bus.serve(
                        Catalogue.DROP_PROJECTION,
                        ask -> block(() -> {
                            registry().drop(ask.name(), ask.tables());
                            return new DroppedProjection(ask.name());
                        })),
                bus.serve(Catalogue.STEER_PROJECTION, this::steer),
                bus.serve(Catalogue.FIND_DEAD, this::dead));
    }

    /** Where the reading of rows, of their history, and queries are served. */
    private Future<?> serveTables(Bus bus, TablesReader reader) {
        TableReads made = new TableReads(reader, config.projections());
        reads = Optional.of(made);
        return made.serve(bus);
    }

    private Future<ProjectionState> steer(SteerProjection ask) {
        Worker worker = registry().get(ask.name());
        return switch (ask.action()) {
            case PAUSE -> change(worker, old -> old.paused(true));
            case RESUME -> change(worker, old -> old.paused(false));
            case REBUILD -> change(worker, old -> old.rebuild(true));
            case RETRY_DEAD ->
                worker.retryDead() ? Future.succeededFuture(state(worker)) : change(worker, old -> old.rebuild(true));
            case VERIFY -> {
                if (!worker.verify()) {
                    throw new Failure(Reason.PROJECTION_STATE, "the tables are being compared already");
                }
                yield Future.succeededFuture(state(worker));
            }
            case CANCEL_VERIFY -> {
                worker.cancelVerify();
                yield Future.succeededFuture(state(worker));
            }
        };
    }

    private Future<ProjectionState> change(Worker worker, UnaryOperator<Definition> change) {
        return block(() -> worker.change(change)).map(done -> state(worker));
    }

    private Future<DeadRows> dead(FindDead ask) {
        String schema = registry().get(ask.name()).definition().mapping().schema();
        return reader().read(
                        ask.name(),
                        Optional.empty(),
                        Duration.ZERO,
                        view -> new DeadRows(
                                TableSets.dead(view.connection(), schema, ask.fromLeaf(), ask.countMax())));
    }

    private ProjectionState state(Worker worker) {
        return worker.state().of(worker.definition(), clock.millis());
    }

    /** What is done to projections is done one thing after the other. */
    private <T> Future<T> block(Blocking<T> work) {
        return changes.orElseThrow().executeBlocking(() -> {
            try {
                return work.run();
            } catch (IOException e) {
                throw new Failure(Reason.STORE_FULL, "what was asked cannot be stored: " + e);
            }
        });
    }

    /** Work on a thread that may wait. */
    @FunctionalInterface
    private interface Blocking<T> {
        T run() throws IOException;
    }

    private void moved(Hash chain) {
        for (Worker worker : registry().all()) {
            Optional<Hash> followed = worker.definition().chain();
            if (followed.isEmpty() || followed.get().equals(chain)) {
                worker.wake();
            }
        }
    }

    private ProjectionRegistry registry() {
        return registry.orElseThrow();
    }

    private TablesReader reader() {
        return tables.orElseThrow();
    }

    @Override
    public Future<?> stop() {
        watch.ifPresent(HeadWatch::stop);
        return block(() -> {
                    registry().close();
                    return true;
                })
                .transform(done -> {
                    reads.ifPresent(TableReads::close);
                    return reader().close();
                })
                .transform(done -> changes.orElseThrow().close());
    }
}
