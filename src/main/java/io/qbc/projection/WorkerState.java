package io.qbc.projection;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Catalogue.ProjectionError;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.RebuildState;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is known of a projection, for whoever asks from another thread. */
final class WorkerState {
    private ProjectionStatus status = ProjectionStatus.STARTING;
    private Position position = Position.BEGINNING;
    private Horizon horizon = new Horizon(-1, 0, 0);
    private long oldest;
    private SortedMap<String, Long> rows = new TreeMap<>();
    private long dead;
    private long written;
    private Optional<ProjectionError> error = Optional.empty();
    private long errors;
    private Optional<RebuildState> rebuild = Optional.empty();
    private Optional<VerifyState> verification = Optional.empty();

    synchronized void status(ProjectionStatus now) {
        status = now;
        if (now == ProjectionStatus.FOLLOWING || now == ProjectionStatus.WAITING || now == ProjectionStatus.PAUSED) {
            error = Optional.empty();
        }
    }

    synchronized void moved(Position to, Horizon up, long since) {
        position = to;
        horizon = up;
        oldest = to.leaf() < up.leaf() ? Math.max(oldest, since) : 0;
    }

    /** Tables were opened; how far the chain is, and a rebuild, is not known yet. */
    synchronized void opened(Position at) {
        position = at;
        rebuild = Optional.empty();
    }

    /** How many rows each table has, and how many transactions were kept aside. */
    record Counts(SortedMap<String, Long> rows, long dead) {}

    synchronized void counts(Counts counted) {
        rows = counted.rows();
        dead = counted.dead();
    }

    /** A rebuild's tables took the place of the live ones: nobody sees some of the ones and some of the others. */
    synchronized void swapped(Position to, Horizon up, Counts counted) {
        moved(to, up, 0);
        counts(counted);
        rebuild = Optional.empty();
    }

    synchronized void written(long rows) {
        written += rows;
    }

    synchronized void failed(ProjectionStatus now, Refusal refusal, long at) {
        status = now;
        errors++;
        error = Optional.of(new ProjectionError(refusal, OptionalLong.empty(), Optional.empty(), at));
    }

    synchronized void stuck(DeadRow row, Refusal refusal, long at) {
        status = ProjectionStatus.STOPPED;
        error = Optional.of(
                new ProjectionError(refusal, OptionalLong.of(row.leaf()), Optional.of(row.transaction()), at));
    }

    synchronized void rebuild(Optional<RebuildState> state) {
        rebuild = state;
    }

    synchronized void verification(VerifyState state) {
        verification = Optional.of(state);
    }

    synchronized Optional<VerifyState> verification() {
        return verification;
    }

    synchronized long leaf() {
        return position.leaf();
    }

    synchronized ProjectionState of(Definition definition, long now) {
        long behind = Math.max(0, horizon.leaf() - position.leaf());
        Optional<Hash> quant = position.isBeginning() ? Optional.empty() : Optional.of(position.quant());
        return new ProjectionState(
                definition.name(),
                status,
                definition.chain(),
                definition.mapping().chain(),
                definition.mapping().head() ? "head" : "final",
                definition.mapping().target().kind(),
                definition.mapping().schema(),
                definition.mapping().canonical(),
                definition.mapping().hash(),
                position.leaf(),
                position.height(),
                quant,
                behind,
                behind == 0 || oldest == 0 ? 0 : Math.max(0, now - oldest),
                rows,
                dead,
                written,
                error,
                errors,
                rebuild,
                verification);
    }
}
