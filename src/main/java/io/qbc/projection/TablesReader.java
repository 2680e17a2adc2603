package io.qbc.projection;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.projection.sql.ProjectionTables;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSets;
import io.qbc.projection.sql.TablesView;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads tables on threads for that, once they have what a reader has seen elsewhere. */
final class TablesReader implements ProjectionTables {
    private static final Logger LOG = LoggerFactory.getLogger(TablesReader.class);
    private static final long LOOK_MILLIS = 25;
    private static final int THREADS = 8;
    /** Readers that wait until tables have come as far as they want. */
    private static final int WAITERS_MAX = 1000;

    private final Vertx vertx;
    private final Bus bus;
    private final NodeConfig.Projections limits;
    private final Function<String, Worker> workers;
    private final WorkerExecutor threads;
    private int waiting;
    private int waiters;

    /** One instance, used on the verticle's context; {@code workers} throws a Failure for a name that there is not. */
    TablesReader(Vertx vertx, Bus bus, NodeConfig.Projections limits, Function<String, Worker> workers) {
        this.vertx = vertx;
        this.bus = bus;
        this.limits = limits;
        this.workers = workers;
        threads = vertx.createSharedWorkerExecutor("qbc-projection-readers", THREADS);
    }

    Future<Void> close() {
        return threads.close();
    }

    @Override
    public <T> Future<T> read(String projection, Optional<ReadPoint> at, Duration patience, Reading<T> reading) {
        return reached(projection, at, patience).compose(worker -> connected(worker, reading));
    }

    private <T> Future<T> connected(Worker worker, Reading<T> reading) {
        if (waiting >= THREADS * limits.readers()) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too many reads of tables wait"));
        }
        waiting++;
        return threads.executeBlocking(() -> connection(worker, reading), false).onComplete(done -> waiting--);
    }

    private static <T> T connection(Worker worker, Reading<T> reading) {
        Optional<TableDatabase> database = worker.database();
        if (database.isEmpty()) {
            throw new Failure(
                    Reason.TABLES_UNAVAILABLE,
                    "the tables of " + worker.definition().name() + " are not open; GET /v1/projections/"
                            + worker.definition().name() + " says why");
        }
        try (Connection connection = database.get().reader()) {
            try {
                TablesView view = TableSets.view(
                                database.get(),
                                connection,
                                worker.definition().mapping().schema())
                        .orElseThrow(() -> new Failure(Reason.TABLES_UNAVAILABLE, "there are no tables yet"));
                return reading.read(view);
            } finally {
                connection.rollback();
            }
        } catch (SQLException e) {
            LOG.warn("the tables of {} cannot be read", worker.definition().name(), e);
            throw new Failure(
                    Reason.TABLES_UNAVAILABLE,
                    "the database of these tables does not answer at present; the log says why");
        }
    }

    /** The worker of a projection, once its tables have what is wanted. */
    Future<Worker> reached(String projection, Optional<ReadPoint> at, Duration patience) {
        Worker worker = workers.apply(projection);
        if (at.isEmpty()) {
            return Future.succeededFuture(worker);
        }
        long deadline = System.nanoTime() + patience.toNanos();
        if (waiters >= WAITERS_MAX) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too many readers wait for projections"));
        }
        waiters++;
        return leaf(worker, at.get())
                .compose(leaf -> await(worker, at.get(), leaf, deadline))
                .onComplete(done -> waiters--);
    }

    private Future<Worker> await(Worker worker, ReadPoint at, OptionalLong leaf, long deadline) {
        if (leaf.isPresent() && worker.state().leaf() > leaf.getAsLong()) {
            return Future.succeededFuture(worker);
        }
        if (System.nanoTime() >= deadline) {
            return Future.failedFuture(new Failure(
                    Reason.PROJECTION_BEHIND,
                    "the projection " + worker.definition().name() + " has "
                            + worker.state().leaf() + " transactions, and not what is asked for"));
        }
        return vertx.timer(LOOK_MILLIS)
                .compose(tick -> leaf.isPresent() ? Future.succeededFuture(leaf) : leaf(worker, at))
                .compose(found -> await(worker, at, found, deadline));
    }

    private Future<OptionalLong> leaf(Worker worker, ReadPoint at) {
        if (at instanceof ReadPoint.Leaf leaf) {
            return Future.succeededFuture(OptionalLong.of(leaf.index()));
        }
        if (worker.definition().chain().isEmpty()) {
            return Future.succeededFuture(OptionalLong.empty());
        }
        ReadPoint.OfTransaction wanted = (ReadPoint.OfTransaction) at;
        return bus.ask(
                        Catalogue.FIND_TRANSACTIONS,
                        new FindTransactions(worker.definition().chain().get(), List.of(wanted.id())))
                .map(found -> found.places().get(0) instanceof Committed committed
                        ? OptionalLong.of(committed.index())
                        : OptionalLong.empty());
    }
}
