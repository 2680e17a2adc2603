package io.qbc.projection;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Committed;
import io.qbc.bus.Catalogue.FindTransactions;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.projection.sql.LiveTables;
import io.qbc.projection.sql.ProjectionTables;
import io.qbc.projection.sql.TableDatabase;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
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
        return reached(projection, at, patience).compose(worker -> connected(projection, reading));
    }

    private <T> Future<T> connected(String projection, Reading<T> reading) {
        if (waiting >= THREADS * limits.readers()) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too many reads of tables wait"));
        }
        waiting++;
        return threads.executeBlocking(() -> connection(projection, reading), false)
                .onComplete(done -> waiting--);
    }

    private <T> T connection(String projection, Reading<T> reading) {
        Worker worker = workers.apply(projection);
        TableDatabase database = worker.database().orElseThrow(() -> notOpen(projection));
        try {
            return LiveTables.read(database, worker.definition().mapping().schema(), limits.queryTimeout(), reading);
        } catch (SQLException e) {
            if (worker.database().isEmpty()) {
                throw notOpen(projection);
            }
            LOG.warn("the tables of {} cannot be read", projection, e);
            throw new Failure(
                    Reason.TABLES_UNAVAILABLE,
                    "the database of these tables does not answer at present; the log says why");
        }
    }

    private static Failure notOpen(String projection) {
        return new Failure(
                Reason.TABLES_UNAVAILABLE,
                "the tables of " + projection + " are not open; GET /v1/projections/" + projection + " says why");
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
                .compose(leaf -> await(projection, at.get(), leaf, deadline))
                .onComplete(done -> waiters--);
    }

    /** Whichever worker has the projection by then: another mapping has another one. */
    private Future<Worker> await(String projection, ReadPoint at, OptionalLong leaf, long deadline) {
        Worker worker = workers.apply(projection);
        if (leaf.isPresent() && worker.state().leaf() > leaf.getAsLong()) {
            return Future.succeededFuture(worker);
        }
        if (System.nanoTime() >= deadline) {
            return Future.failedFuture(new Failure(
                    Reason.PROJECTION_BEHIND,
                    "the projection " + projection + " has " + worker.state().leaf()
                            + " transactions, and not what is asked for"));
        }
        return vertx.timer(LOOK_MILLIS)
                .compose(tick -> leaf.isPresent() ? Future.succeededFuture(leaf) : leaf(worker, at))
                .compose(found -> await(projection, at, found, deadline));
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
