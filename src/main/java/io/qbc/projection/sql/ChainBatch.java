package io.qbc.projection.sql;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import java.util.List;

/**
 * A part of a chain that goes into the tables in one database transaction.
 *
 * @param from the position that it continues
 * @param to the position after it
 * @param quants those that begin in it
 */
public record ChainBatch(Position from, Position to, List<QuantHead> quants, List<Leaf> leaves) {
    public ChainBatch {
        quants = List.copyOf(quants);
        leaves = List.copyOf(leaves);
    }

    /** Only what comes before a leaf of it, by its place among the leaves. */
    public ChainBatch before(int place) {
        if (place >= leaves.size()) {
            return this;
        }
        Leaf next = leaves.get(place);
        if (place == 0) {
            List<QuantHead> earlier = quants.stream()
                    .filter(quant -> quant.header().height() < next.height())
                    .toList();
            Position end = earlier.isEmpty() ? from : end(earlier.get(earlier.size() - 1));
            return new ChainBatch(from, end, earlier, List.of());
        }
        Leaf last = leaves.get(place - 1);
        List<QuantHead> earlier = quants.stream()
                .filter(quant -> quant.header().height() <= last.height())
                .toList();
        Position end = new Position(last.index() + 1, last.height(), last.quant());
        return new ChainBatch(from, end, earlier, leaves.subList(0, place));
    }

    private static Position end(QuantHead quant) {
        return new Position(quant.header().treeSize(), quant.header().height(), quant.hash());
    }

    /** Only what can be undone as one: up to what is final, or one quant. */
    public ChainBatch undoable(long finalHeight) {
        for (int i = 0; i < leaves.size(); i++) {
            long height = leaves.get(i).height();
            if (height > finalHeight && i > 0 && height != leaves.get(i - 1).height()) {
                return before(i);
            }
        }
        return this;
    }

    public boolean isEmpty() {
        return quants.isEmpty() && leaves.isEmpty();
    }
}
