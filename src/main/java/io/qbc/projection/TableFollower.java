package io.qbc.projection;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.RebuildState;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.projection.Projector.Step;
import io.qbc.projection.sql.TableDatabase;
import io.qbc.projection.sql.TableSet;
import io.qbc.projection.sql.TableSets;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the tables of an open database in step with a chain: the live ones, and those of a rebuild; for one thread. */
final class TableFollower {
    private static final Logger LOG = LoggerFactory.getLogger(TableFollower.class);
    /** How often a chain is looked at of which nobody says that it moved. */
    private static final Duration IDLE = Duration.ofSeconds(5);
    /** A reader waits for a connection at most as long as for its answer. */
    private static final int READER_WAITS = 2;

    private final Worker.Parts parts;
    private final NodeConfig.Projections limits;
    private final WorkerControl control;
    private final WorkerState state;
    private final Connection connection;
    private final Hash chain;
    private final TableSets sets;
    private final Projector live;
    private Projector next;
    private Optional<DeadRun> retry = Optional.empty();
    private Optional<Step.Stuck> stuck = Optional.empty();
    private long retriesDone;

    private TableFollower(Worker worker, Connection connection, Hash chain, TableSets sets, long retriesDone) {
        parts = worker.parts();
        limits = parts.limits();
        control = worker.control();
        state = worker.state();
        this.connection = connection;
        this.chain = chain;
        this.sets = sets;
        this.retriesDone = retriesDone;
        live = projector();
        next = projector();
    }

    /**
     * Begins with the tables that there are, or makes the first ones.
     *
     * @param retriesDone how many of the retries that were asked are done
     */
    static TableFollower begin(
            Worker worker, TableDatabase database, Connection connection, Hash chain, long retriesDone)
            throws SQLException, IOException {
        TableSets sets = TableSets.load(
                database, connection, worker.definition().mapping().schema());
        for (TableSet set : sets.all()) {
            database.grant(connection, set.schema());
        }
        connection.commit();
        TableFollower follower = new TableFollower(worker, connection, chain, sets, retriesDone);
        follower.settle();
        follower.state.opened(sets.live().orElseThrow().progress().position());
        follower.counts();
        return follower;
    }

    private Projector projector() {
        return new Projector(parts.source(), limits);
    }

    /** How many of the retries that were asked are done. */
    long retriesDone() {
        return retriesDone;
    }

    /** Makes the tables that are missing: the first ones, or others for another mapping or chain. */
    private void settle() throws SQLException, IOException {
        Definition wanted = control.definition();
        if (sets.live().isEmpty()) {
            sets.create(connection, wanted.mapping(), chain, parts.clock().instant());
            control.change(old -> old.rebuild(false));
            return;
        }
        boolean fits = fits(sets.live().get(), wanted)
                && sets.adopt(connection, sets.live().get(), wanted.mapping());
        boolean nextFits = sets.next().isPresent()
                && fits(sets.next().get(), wanted)
                && sets.adopt(connection, sets.next().get(), wanted.mapping());
        if (!fits) {
            control.change(old -> old.rebuild(true));
        }
        if (!nextFits || (fits && !wanted.rebuild())) {
            sets.dropNext(connection);
        }
    }

    private boolean fits(TableSet set, Definition wanted) {
        return set.progress().rowsHash().equals(wanted.mapping().rowsHash())
                && set.progress().chain().equals(chain);
    }

    /** One step of each set of tables, or a rest when there is nothing to do. */
    void round() throws SQLException, IOException, InterruptedException {
        sets.old().drop(connection, limits.queryTimeout().multipliedBy(READER_WAITS));
        if (control.definition().paused()) {
            state.status(ProjectionStatus.PAUSED);
            control.rest(IDLE);
            return;
        }
        if (control.definition().rebuild() && sets.next().isEmpty()) {
            sets.create(
                    connection,
                    control.definition().mapping(),
                    chain,
                    parts.clock().instant());
            next = projector();
        }
        stuck = Optional.empty();
        boolean same = sets.live().orElseThrow().progress().chain().equals(chain);
        boolean more = same && step();
        more |= same && retry();
        if (sets.next().isPresent()) {
            more |= rebuild();
        }
        if (stuck.isPresent()) {
            stuck(stuck.get());
        } else {
            state.status(ProjectionStatus.FOLLOWING);
        }
        parts.moved().run();
        if (!more) {
            counts();
            control.rest(IDLE);
        }
    }

    private boolean step() throws SQLException, IOException, InterruptedException {
        TableSet set = sets.live().orElseThrow();
        Step step = live.step(connection, set, chain);
        state.written(set.takeWritten());
        if (step instanceof Step.Stuck found) {
            state.moved(
                    set.progress().position(), found.horizon(), parts.clock().millis());
            stuck = Optional.of(found);
            return false;
        }
        if (step instanceof Step.Lost) {
            if (!control.definition().rebuild()) {
                LOG.warn(
                        "the projection {} cannot undo what the chain undid, and is rebuilt",
                        control.definition().name());
                control.change(old -> old.rebuild(true));
            }
            return true;
        }
        Step.Moved done = (Step.Moved) step;
        state.moved(set.progress().position(), done.horizon(), done.oldest());
        return done.more();
    }

    /** Maps a page of what was kept aside again, if somebody asked for that. */
    private boolean retry() throws SQLException, InterruptedException {
        long asked = control.retries();
        if (asked <= retriesDone) {
            return false;
        }
        DeadRun run = retry.orElseGet(() -> new DeadRun(parts.source(), limits));
        Optional<Long> rows = run.step(connection, sets.dialect(), sets.live().orElseThrow(), chain);
        if (rows.isPresent()) {
            state.written(rows.get());
            retry = Optional.of(run);
            return true;
        }
        LOG.info(
                "the projection {} took {} of the transactions that were kept aside, and {} stay",
                control.definition().name(),
                run.put(),
                run.stayed());
        counts();
        retry = Optional.empty();
        retriesDone = asked;
        return true;
    }

    private void stuck(Step.Stuck found) {
        DeadRow row = found.row();
        Refusal refusal = new Refusal(
                Reason.PAYLOAD_INVALID,
                "transaction " + row.transaction() + " (leaf " + row.leaf() + ") does not fit the table " + row.table()
                        + ": " + row.reason(),
                List.of(row.pointer()));
        if (state.of(control.definition(), 0).status() != ProjectionStatus.STOPPED) {
            LOG.error(
                    "the projection {} stops: {} at {}", control.definition().name(), refusal.detail(), row.pointer());
        }
        state.stuck(row, refusal, parts.clock().millis());
    }

    /** Brings the tables on that are to take the place of the live ones, and lets them when they are as far. */
    private boolean rebuild() throws SQLException, IOException, InterruptedException {
        TableSet set = sets.next().orElseThrow();
        Step step = next.step(connection, set, chain);
        state.written(set.takeWritten());
        if (step instanceof Step.Stuck found) {
            stuck = stuck.or(() -> Optional.of(found));
            return false;
        }
        if (step instanceof Step.Lost) {
            sets.dropNext(connection);
            state.rebuild(Optional.empty());
            return true;
        }
        Step.Moved done = (Step.Moved) step;
        Horizon horizon = done.horizon();
        long leaf = set.progress().position().leaf();
        state.rebuild(Optional.of(
                new RebuildState(horizon.leaf() == 0 ? 1 : Math.min(1, (double) leaf / horizon.leaf()), leaf, "")));
        TableSet present = sets.live().orElseThrow();
        boolean other = !present.progress().chain().equals(chain);
        if (!done.more() && (other || leaf >= present.progress().position().leaf())) {
            sets.swap(connection);
            control.change(old -> old.rebuild(false));
            WorkerState.Counts counts = counted();
            state.swapped(sets.live().orElseThrow().progress().position(), horizon, counts);
        }
        return true;
    }

    private void counts() throws SQLException {
        state.counts(counted());
    }

    private WorkerState.Counts counted() throws SQLException {
        WorkerState.Counts counts = new WorkerState.Counts(sets.counts(connection), sets.deadCount(connection));
        connection.rollback();
        return counts;
    }
}
