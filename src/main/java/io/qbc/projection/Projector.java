package io.qbc.projection;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.projection.ChainSource.Next;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.sql.ChainBatch;
import io.qbc.projection.sql.RowBatch;
import io.qbc.projection.sql.SqlFault;
import io.qbc.projection.sql.TableSet;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Brings one set of tables on, a batch at a time; used by one thread. */
final class Projector {
    private final ChainSource source;
    private final NodeConfig.Projections limits;
    private final Set<DeadRow> refused = new HashSet<>();
    private int countMax;
    private Optional<Ahead> ahead = Optional.empty();

    /** What is read while the batch before is written. */
    private record Ahead(Position from, Horizon limit, Bounds bounds, ChainSource.Pending pending) {}

    Projector(ChainSource source, NodeConfig.Projections limits) {
        this.source = source;
        this.limits = limits;
        countMax = limits.batchTransactions();
    }

    /** What came of a step. */
    sealed interface Step {
        /** Tables moved, or are at the horizon; {@code more} if they can at once again. */
        record Moved(Horizon horizon, boolean more, long oldest) implements Step {}

        /** A transaction does not fit. */
        record Stuck(Horizon horizon, DeadRow row) implements Step {}

        /** The chain was reorganised further than can be undone. */
        record Lost() implements Step {}
    }

    /** Up to where a mapping's tables go. */
    static Extent extent(Mapping mapping) {
        return mapping.head() ? Extent.HEAD : new Extent(false, mapping.depth());
    }

    /** One database transaction at most. */
    Step step(Connection connection, TableSet set, Hash chain) throws SQLException, InterruptedException {
        Mapping mapping = set.mapping();
        Horizon horizon = source.horizon(chain, extent(mapping));
        Horizon sure = mapping.head()
                ? source.horizon(chain, new Extent(false, OptionalInt.of(limits.undoQuants())))
                : horizon;
        if (mapping.head()) {
            set.prune(connection, sure.height());
        }
        Bounds bounds = new Bounds(countMax, limits.batchBytes());
        Next next = next(chain, set.progress().position(), horizon, bounds);
        if (next instanceof Next.Reverted reverted) {
            if (!mapping.head() || !set.canUndo(reverted.ancestor().height())) {
                return new Step.Lost();
            }
            set.undo(connection, reverted.ancestor());
            return new Step.Moved(horizon, true, 0);
        }
        Next.Batch read = (Next.Batch) next;
        ChainBatch batch = mapping.head() ? read.batch().undoable(sure.height()) : read.batch();
        if (batch.isEmpty()) {
            return new Step.Moved(horizon, false, 0);
        }
        // What was read ahead went up to an earlier horizon.
        boolean more = batch.to().height() < horizon.height() || batch.to().leaf() < horizon.leaf();
        if (read.more() && !mapping.head()) {
            // What is not final might be of a branch that is left by when it is written.
            Position behind = batch.to();
            ahead = Optional.of(new Ahead(behind, horizon, bounds, source.begin(chain, behind, horizon, bounds)));
        }
        return apply(connection, set, batch, horizon, sure.height(), more);
    }

    private Next next(Hash chain, Position from, Horizon limit, Bounds bounds) throws InterruptedException {
        Optional<Ahead> read = ahead;
        ahead = Optional.empty();
        boolean meant = read.isPresent()
                && read.get().from().equals(from)
                && read.get().bounds().equals(bounds)
                && read.get().limit().height() <= limit.height();
        return meant ? read.get().pending().await() : source.next(chain, from, limit, bounds);
    }

    private Step apply(
            Connection connection, TableSet set, ChainBatch batch, Horizon horizon, long finalHeight, boolean more)
            throws SQLException {
        RowBatch rows = RowBatch.of(batch, set.maker(), set.mapping().dead(), refused);
        try {
            if (!rows.chain().isEmpty()) {
                set.apply(connection, rows, finalHeight);
            }
        } catch (SQLException e) {
            connection.rollback();
            if (!SqlFault.isOfValues(e)) {
                throw e;
            }
            return narrow(batch, horizon, e);
        }
        refused.clear();
        countMax = Math.min(limits.batchTransactions(), countMax * 2);
        if (rows.stop().isPresent()) {
            return new Step.Stuck(horizon, rows.stop().get());
        }
        return new Step.Moved(horizon, more, oldest(batch));
    }

    private static long oldest(ChainBatch batch) {
        return batch.leaves().isEmpty() ? 0 : batch.leaves().get(0).quantTime();
    }

    /** The database refuses the values of some transaction: it is looked for by ever smaller batches. */
    private Step narrow(ChainBatch batch, Horizon horizon, SQLException cause) throws SQLException {
        int count = batch.leaves().size();
        if (count == 0) {
            throw cause;
        }
        if (count > 1) {
            countMax = Math.max(1, count / 2);
            return new Step.Moved(horizon, true, oldest(batch));
        }
        DeadRow row = new DeadRow(
                batch.leaves().get(0).index(), batch.leaves().get(0).id(), "", "", String.valueOf(cause.getMessage()));
        if (!refused.add(row)) {
            throw cause;
        }
        return new Step.Moved(horizon, true, oldest(batch));
    }
}
