package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.DeadRow;
import io.qbc.follow.Leaf;
import io.qbc.model.Bytes;
import io.qbc.projection.mapping.MisfitException;
import io.qbc.projection.mapping.RowChange;
import io.qbc.projection.mapping.RowMaker;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a part of a chain changes in the tables.
 *
 * @param stop the transaction that does not fit, at which the part was cut off
 */
public record RowBatch(ChainBatch chain, List<Change> changes, List<DeadRow> dead, Optional<DeadRow> stop) {
    public RowBatch {
        changes = List.copyOf(changes);
        dead = List.copyOf(dead);
    }

    /** A change, and the transaction that makes it. */
    record Change(Leaf leaf, RowChange row) {}

    /**
     * Makes the rows.
     *
     * @param aside whether what does not fit is kept aside; otherwise the part ends before it
     * @param refused leaves that the database itself refused, and why
     */
    public static RowBatch of(ChainBatch batch, RowMaker maker, boolean aside, Set<DeadRow> refused) {
        List<Change> changes = new ArrayList<>();
        List<DeadRow> dead = new ArrayList<>();
        for (int i = 0; i < batch.leaves().size(); i++) {
            Leaf leaf = batch.leaves().get(i);
            Optional<DeadRow> misfit = make(leaf, maker, refused, changes);
            if (misfit.isPresent() && !aside) {
                return new RowBatch(batch.before(i), changes, dead, misfit);
            }
            misfit.ifPresent(dead::add);
        }
        return new RowBatch(batch, changes, dead, Optional.empty());
    }

    private static Optional<DeadRow> make(Leaf leaf, RowMaker maker, Set<DeadRow> refused, List<Change> changes) {
        Optional<DeadRow> known =
                refused.stream().filter(row -> row.leaf() == leaf.index()).findFirst();
        if (known.isPresent()) {
            return known;
        }
        Optional<Bytes> payload = leaf.payload();
        if (payload.isEmpty()) {
            return Optional.empty();
        }
        try {
            for (RowChange row : maker.changes(leaf.body().type().text(), payload.get())) {
                changes.add(new Change(leaf, row));
            }
            return Optional.empty();
        } catch (MisfitException e) {
            return Optional.of(
                    new DeadRow(leaf.index(), leaf.id(), e.table(), e.pointer(), String.valueOf(e.getMessage())));
        }
    }
}
