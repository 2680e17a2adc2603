package io.qbc.projection;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.projection.ChainSource.Next;
import io.qbc.projection.sql.DeadRetry;
import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.TableSet;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Goes through the transactions that were kept aside of live tables, a page at a time; used by one thread. */
final class DeadRun {
    private static final int PAGE = 200;

    private final ChainSource source;
    private final NodeConfig.Projections limits;
    private long from;
    private long put;
    private long stayed;

    DeadRun(ChainSource source, NodeConfig.Projections limits) {
        this.source = source;
        this.limits = limits;
    }

    /** How many transactions are in the tables now. */
    long put() {
        return put;
    }

    /** How many still do not fit. */
    long stayed() {
        return stayed;
    }

    /**
     * One database transaction.
     *
     * @return how many rows were written; nothing when there was no transaction left to look at
     */
    Optional<Long> step(Connection connection, Dialect dialect, TableSet set, Hash chain)
            throws SQLException, InterruptedException {
        try {
            DeadRetry retry = new DeadRetry(connection, dialect, set);
            List<DeadRow> page = retry.dead(from, PAGE);
            Horizon horizon = source.horizon(chain, Projector.extent(set.mapping()));
            long fitting = 0;
            for (DeadRow row : page) {
                Optional<Leaf> leaf = leaf(retry.place(row.leaf()), chain, horizon)
                        .filter(found -> found.id().equals(row.transaction()));
                fitting += leaf.isPresent() && retry.put(leaf.get()) ? 1 : 0;
            }
            long rows = retry.commit();
            if (page.isEmpty()) {
                return Optional.empty();
            }
            put += fitting;
            stayed += page.size() - fitting;
            from = page.get(page.size() - 1).leaf() + 1;
            return Optional.of(rows);
        } catch (SQLException | RuntimeException e) {
            connection.rollback();
            throw e;
        }
    }

    /** A transaction as the chain has it; what left the chain is undone by whoever follows it. */
    private Optional<Leaf> leaf(Optional<Position> place, Hash chain, Horizon horizon) throws InterruptedException {
        if (place.isEmpty() || place.get().height() > horizon.height()) {
            return Optional.empty();
        }
        try {
            Next next = source.next(chain, place.get(), horizon, new Bounds(1, limits.batchBytes()));
            return next instanceof Next.Batch batch
                    ? batch.batch().leaves().stream()
                            .filter(leaf -> leaf.index() == place.get().leaf())
                            .findFirst()
                    : Optional.empty();
        } catch (Failure e) {
            // The chain, or the row that says where in it, changed.
            if (e.refusal().reason() == Reason.BUSY) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
