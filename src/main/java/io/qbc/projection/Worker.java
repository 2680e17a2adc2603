package io.qbc.projection;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.RebuildState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.Projector.Step;
import io.qbc.projection.sql.DeadRetry;
import io.qbc.projection.sql.OtherProjectorException;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
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
    /** How often a chain is looked at of which nobody says that it moved. */
    private static final Duration IDLE = Duration.ofSeconds(5);
    /** H2's words for a file that another process has open. */
    private static final int H2_ALREADY_OPEN = 90020;

    private final ChainSource source;
    private final DatabaseOpener opener;
    private final DefinitionFile file;
    private final NodeConfig.Projections limits;
    private final InstantSource clock;
    private final Runnable moved;
    private final WorkerState state = new WorkerState();
    private final Thread thread;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();

    private Definition definition;
    private boolean awake;
    private boolean ending;
    private Optional<TableDatabase> database = Optional.empty();
    private Optional<VerifyRun> verification = Optional.empty();
    private long retriesAsked;
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
        this.definition = definition;
        this.file = file;
        source = parts.source();
        opener = parts.opener();
        limits = parts.limits();
        clock = parts.clock();
        moved = parts.moved();
        thread = new Thread(this::run, "qbc-projection-" + definition.name());
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Something changed that may let it go on. */
    void wake() {
        lock.lock();
        try {
            awake = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Ends the thread, and closes the database; blocks until that is done. */
    void end() throws InterruptedException {
        lock.lock();
        try {
            ending = true;
            verification.ifPresent(VerifyRun::cancel);
            awake = true;
            woken.signalAll();
        } finally {
            lock.unlock();
        }
        thread.join(limits.timeout().toMillis());
        if (thread.isAlive()) {
            thread.interrupt();
            thread.join(LOOK.toMillis());
        }
    }

    Definition definition() {
        lock.lock();
        try {
            return definition;
        } finally {
            lock.unlock();
        }
    }

    WorkerState state() {
        return state;
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
        lock.lock();
        try {
            Definition next = change.apply(definition);
            file.write(next);
            definition = next;
            awake = true;
            woken.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
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
            TableDatabase open = database.orElseThrow(() ->
                    new Failure(Reason.TABLES_UNAVAILABLE, "the tables of " + definition.name() + " are not open"));
            VerifyRun run =
                    new VerifyRun(source, open, definition.mapping().schema(), limits, clock, state::verification);
            verification = Optional.of(run);
            Thread verifier = new Thread(run, "qbc-verify-" + definition.name());
            verifier.setDaemon(true);
            verifier.start();
            return true;
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
        lock.lock();
        try {
            retriesAsked++;
            awake = true;
            woken.signalAll();
            return true;
        } finally {
            lock.unlock();
        }
    }

    private long retriesAsked() {
        lock.lock();
        try {
            return retriesAsked;
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

    private boolean ending() {
        lock.lock();
        try {
            return ending;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until something changed, or a time is over. */
    private void rest(Duration time) throws InterruptedException {
        lock.lock();
        try {
            long nanos = time.toNanos();
            while (!awake && nanos > 0) {
                nanos = woken.awaitNanos(nanos);
            }
            awake = false;
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        try {
            while (!ending()) {
                try {
                    session();
                } catch (OtherProjectorException e) {
                    LOG.info("the projection {}: {}", definition().name(), e.getMessage());
                    state.status(ProjectionStatus.WAITING);
                    rest(LOOK);
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
        if (ending()) {
            return;
        }
        if (cause instanceof SQLException sql && sql.getErrorCode() == H2_ALREADY_OPEN) {
            state.status(ProjectionStatus.WAITING);
            rest(LOOK);
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
        state.failed(ProjectionStatus.RETRYING, refusal, clock.millis());
        long end = System.nanoTime() + Duration.ofMillis(pauseMillis).toNanos();
        while (!ending() && System.nanoTime() < end) {
            rest(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
        }
    }

    /** From opening the database until something fails or the worker ends. */
    private void session() throws SQLException, IOException, InterruptedException {
        Optional<Hash> chain = chain();
        if (chain.isEmpty()) {
            state.status(ProjectionStatus.WITHOUT_CHAIN);
            rest(LOOK);
            return;
        }
        try (TableDatabase opened = opener.open(definition());
                Connection connection = opened.writer()) {
            while (!opened.lock(connection)) {
                state.status(ProjectionStatus.WAITING);
                rest(LOOK);
                if (ending()) {
                    return;
                }
            }
            open(Optional.of(opened));
            follow(opened, connection, chain.get());
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
        Optional<Hash> found = source.chain(now.mapping().chain());
        if (found.isPresent()) {
            change(old -> old.of(found.get()));
        }
        return found;
    }

    private void follow(TableDatabase opened, Connection connection, Hash chain)
            throws SQLException, IOException, InterruptedException {
        TableSets sets =
                TableSets.load(opened, connection, definition().mapping().schema());
        for (TableSet set : sets.all()) {
            opened.grant(connection, set.schema());
        }
        connection.commit();
        settle(sets, connection, chain);
        Projector live = new Projector(source, limits);
        Projector next = new Projector(source, limits);
        Optional<DeadRun> retry = Optional.empty();
        counts(sets, connection);
        while (!ending()) {
            if (definition().paused()) {
                state.status(ProjectionStatus.PAUSED);
                rest(IDLE);
                continue;
            }
            if (definition().rebuild() && sets.next().isEmpty()) {
                sets.create(connection, definition().mapping(), chain, clock.instant());
                next = new Projector(source, limits);
            }
            boolean same = sets.live().orElseThrow().progress().chain().equals(chain);
            boolean more = same && step(sets, connection, live, chain);
            long asked = retriesAsked();
            if (same && asked > retriesDone) {
                DeadRun run = retry.orElseGet(() -> new DeadRun(source, limits));
                retry = retry(sets, connection, run, chain) ? Optional.of(run) : Optional.empty();
                retriesDone = retry.isPresent() ? retriesDone : asked;
                more = true;
            }
            if (sets.next().isPresent()) {
                more |= rebuild(sets, connection, next, chain);
            }
            pauseMillis = 0;
            if (!more) {
                counts(sets, connection);
                rest(IDLE);
            }
        }
    }

    /** Maps a page of what was kept aside again; false when all was. */
    private boolean retry(TableSets sets, Connection connection, DeadRun run, Hash chain)
            throws SQLException, InterruptedException {
        Optional<Long> rows = run.step(connection, sets.dialect(), sets.live().orElseThrow(), chain);
        if (rows.isPresent()) {
            state.written(rows.get());
            return true;
        }
        LOG.info(
                "the projection {} took {} of the transactions that were kept aside, and {} stay",
                definition().name(),
                run.put(),
                run.stayed());
        counts(sets, connection);
        return false;
    }

    /** Makes the tables that are missing: the first ones, or others for another mapping or chain. */
    private void settle(TableSets sets, Connection connection, Hash chain) throws SQLException, IOException {
        Definition wanted = definition();
        if (sets.live().isEmpty()) {
            sets.create(connection, wanted.mapping(), chain, clock.instant());
            change(old -> old.rebuild(false));
            return;
        }
        boolean fits = fits(sets.live().get(), wanted, chain);
        if (sets.next().isPresent() && !fits(sets.next().get(), wanted, chain)) {
            sets.dropNext(connection);
        }
        if (!fits) {
            change(old -> old.rebuild(true));
        } else if (!wanted.rebuild()) {
            sets.dropNext(connection);
        }
    }

    private static boolean fits(TableSet set, Definition wanted, Hash chain) {
        return set.progress().rowsHash().equals(wanted.mapping().rowsHash())
                && set.progress().chain().equals(chain);
    }

    private boolean step(TableSets sets, Connection connection, Projector projector, Hash chain)
            throws SQLException, IOException, InterruptedException {
        TableSet set = sets.live().orElseThrow();
        Step step = projector.step(connection, set, chain);
        state.written(set.takeWritten());
        if (step instanceof Step.Stuck stuck) {
            stuck(set, stuck);
            return false;
        }
        if (step instanceof Step.Lost) {
            if (!definition().rebuild()) {
                LOG.warn(
                        "the projection {} cannot undo what the chain undid, and is rebuilt",
                        definition().name());
                change(old -> old.rebuild(true));
            }
            return true;
        }
        Step.Moved done = (Step.Moved) step;
        state.status(ProjectionStatus.FOLLOWING);
        state.moved(set.progress().position(), done.horizon(), done.oldest());
        moved.run();
        return done.more();
    }

    private void stuck(TableSet set, Step.Stuck stuck) {
        DeadRow row = stuck.row();
        state.moved(set.progress().position(), stuck.horizon(), clock.millis());
        Refusal refusal = new Refusal(
                Reason.PAYLOAD_INVALID,
                "transaction " + row.transaction() + " (leaf " + row.leaf() + ") does not fit the table " + row.table()
                        + ": " + row.reason(),
                List.of(row.pointer()));
        if (state.of(definition(), 0).status() != ProjectionStatus.STOPPED) {
            LOG.error("the projection {} stops: {} at {}", definition().name(), refusal.detail(), row.pointer());
        }
        state.stuck(row, refusal, clock.millis());
        moved.run();
    }

    /** Brings the tables on that are to take the place of the live ones, and lets them when they are as far. */
    private boolean rebuild(TableSets sets, Connection connection, Projector projector, Hash chain)
            throws SQLException, IOException, InterruptedException {
        TableSet set = sets.next().orElseThrow();
        Step step = projector.step(connection, set, chain);
        state.written(set.takeWritten());
        if (step instanceof Step.Stuck stuck) {
            stuck(set, stuck);
            return false;
        }
        if (step instanceof Step.Lost) {
            sets.dropNext(connection);
            return true;
        }
        Step.Moved done = (Step.Moved) step;
        Horizon horizon = done.horizon();
        long leaf = set.progress().position().leaf();
        state.rebuild(Optional.of(
                new RebuildState(horizon.leaf() == 0 ? 1 : Math.min(1, (double) leaf / horizon.leaf()), leaf, "")));
        TableSet live = sets.live().orElseThrow();
        boolean other = !live.progress().chain().equals(chain);
        if (!done.more() && (other || leaf >= live.progress().position().leaf())) {
            sets.swap(connection);
            change(old -> old.rebuild(false));
            state.rebuild(Optional.empty());
            state.moved(sets.live().orElseThrow().progress().position(), horizon, 0);
            counts(sets, connection);
            dropOld(sets, connection, live);
            moved.run();
        }
        return true;
    }

    private void dropOld(TableSets sets, Connection connection, TableSet old) throws SQLException {
        try {
            sets.dropOld(connection, old);
        } catch (SQLException e) {
            connection.rollback();
            LOG.warn(
                    "tables that a rebuild of {} replaced are kept: {}",
                    definition().name(),
                    e.getMessage());
        }
    }

    private void counts(TableSets sets, Connection connection) throws SQLException {
        state.counts(sets.counts(connection), sets.deadCount(connection));
        connection.rollback();
    }
}
