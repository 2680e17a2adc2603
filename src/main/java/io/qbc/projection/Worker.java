package io.qbc.projection;

import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.sql.DeadRetry;
import io.qbc.projection.sql.OtherProjectorException;
import io.qbc.projection.sql.TableDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one projection, on a thread of its own: a slow or dead database holds nobody else up. Whatever fails is tried
 * again, after ever longer pauses, from what the database says.
 */
final class Worker {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    /** How often the lock of another node, or a chain that is not here, is looked at. */
    private static final Duration LOOK = Duration.ofSeconds(2);
    /** H2's words for a file that another process has open. */
    private static final int H2_ALREADY_OPEN = 90020;

    private final Parts parts;
    private final NodeConfig.Projections limits;
    private final WorkerControl control;
    private final WorkerState state = new WorkerState();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();

    private Optional<TableDatabase> database = Optional.empty();
    private Optional<VerifyRun> verification = Optional.empty();
    private long retriesDone;
    private long pauseMillis;

    /** What a worker needs. */
    record Parts(
            ChainSource source,
            DatabaseOpener opener,
            NodeConfig.Projections limits,
            InstantSource clock,
            Runnable moved) {}

    Worker(Definition definition, DefinitionFile file, Parts parts) {
        this.parts = parts;
        limits = parts.limits();
        control = new WorkerControl(definition, file);
        thread = new Thread(this::run, "qbc-projection-" + definition.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something changed that may let it go on. */
    void wake() {
        control.wake();
    }

    /** Ends the thread, and closes the database; blocks until that is done. */
    void end() throws InterruptedException {
        cancelVerify();
        control.end();
        thread.join(limits.timeout().toMillis());
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(LOOK.toMillis());
        }
    }

    Definition definition() {
        return control.definition();
    }

    WorkerState state() {
        return state;
    }

    WorkerControl control() {
        return control;
    }

    Parts parts() {
        return parts;
    }

    /** The database, while it is open. */
    Optional<TableDatabase> database() {
        lock.lock();
        try {
            return database;
        } finally {
            lock.unlock();
        }
    }

    /** Changes the definition, and has it stored before it holds; blocks. */
    Definition change(UnaryOperator<Definition> change) throws IOException {
        return control.change(change);
    }

    /** Begins to compare the tables with the chain, beside whatever else goes on; false if it is done already. */
    boolean verify() {
        lock.lock();
        try {
            boolean running = state.verification()
                    .map(last -> last.step() == VerifyStep.RUNNING)
                    .orElse(false);
            if (running) {
                return false;
            }
            Definition now = definition();
            TableDatabase open = database.orElseThrow(
                    () -> new Failure(Reason.TABLES_UNAVAILABLE, "the tables of " + now.name() + " are not open"));
            VerifyRun run = new VerifyRun(
                    parts.source(), open, now.mapping().schema(), limits, parts.clock(), state::verification);
            verification = Optional.of(run);
            Thread verifier = new Thread(run, "qbc-verify-" + now.name());
            verifier.setDaemon(true);
            verifier.start();
            return true;
        } finally {
            lock.unlock();
        }
    }

    void cancelVerify() {
        lock.lock();
        try {
            verification.ifPresent(VerifyRun::cancel);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Has the transactions that were kept aside mapped again; false if that takes a rebuild. A worker that is paused
     * does it when it goes on.
     */
    boolean retryDead() {
        if (!DeadRetry.isInPlace(definition().mapping())) {
            return false;
        }
        control.retry();
        return true;
    }

    private void run() {
        try {
            while (!control.isEnding()) {
                try {
                    session();
                } catch (OtherProjectorException e) {
                    LOG.info("the projection {}: {}", definition().name(), e.getMessage());
                    state.status(ProjectionStatus.WAITING);
                    control.rest(LOOK);
                } catch (SQLException e) {
                    failed(e, Reason.TABLES_UNAVAILABLE.refusal(String.valueOf(e.getMessage())));
                } catch (IOException e) {
                    failed(e, Reason.TABLES_UNAVAILABLE.refusal(String.valueOf(e)));
                } catch (Failure e) {
                    failed(e, e.refusal());
                } catch (RuntimeException | LinkageError | StackOverflowError e) {
                    failed(e, Failure.of(e));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void failed(Throwable cause, Refusal refusal) throws InterruptedException {
        if (control.isEnding()) {
            return;
        }
        if (cause instanceof SQLException sql && sql.getErrorCode() == H2_ALREADY_OPEN) {
            state.status(ProjectionStatus.WAITING);
            control.rest(LOOK);
            return;
        }
        pauseMillis = Math.min(
                limits.retryMax().toMillis(), Math.max(limits.retryMin().toMillis(), 2 * pauseMillis));
        LOG.warn(
                "the projection {} failed and is tried again in {} ms: {}",
                definition().name(),
                pauseMillis,
                refusal.detail());
        LOG.debug("the projection failed", cause);
        state.failed(ProjectionStatus.RETRYING, refusal, parts.clock().millis());
        long end = System.nanoTime() + Duration.ofMillis(pauseMillis).toNanos();
        while (!control.isEnding() && System.nanoTime() < end) {
            control.rest(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    /** From opening the database until something fails or the worker ends. */
    private void session() throws SQLException, IOException, InterruptedException {
        Optional<Hash> chain = chain();
        if (chain.isEmpty()) {
            state.status(ProjectionStatus.WITHOUT_CHAIN);
            control.rest(LOOK);
            return;
        }
        try (TableDatabase opened = parts.opener().open(definition());
                Connection connection = opened.writer()) {
            while (!opened.lock(connection)) {
                state.status(ProjectionStatus.WAITING);
                control.rest(LOOK);
                if (control.isEnding()) {
                    return;
                }
            }
            follow(opened, connection, chain.get());
        }
    }

    private void follow(TableDatabase opened, Connection connection, Hash chain)
            throws SQLException, IOException, InterruptedException {
        open(Optional.of(opened));
        try {
            TableFollower follower = TableFollower.begin(this, opened, connection, chain, retriesDone);
            while (!control.isEnding()) {
                follower.round();
                retriesDone = follower.retriesDone();
                pauseMillis = 0;
            }
        } finally {
            open(Optional.empty());
        }
    }

    private void open(Optional<TableDatabase> now) {
        lock.lock();
        try {
            database = now;
        } finally {
            lock.unlock();
        }
    }

    private Optional<Hash> chain() throws IOException, InterruptedException {
        Definition now = definition();
        if (now.chain().isPresent()) {
            return now.chain();
        }
        Optional<Hash> found = parts.source().chain(now.mapping().chain());
        if (found.isPresent()) {
            change(old -> old.of(found.get()));
        }
        return found;
    }
}
