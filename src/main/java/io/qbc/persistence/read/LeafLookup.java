package io.qbc.persistence.read;

import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import java.util.Optional;

/** Finds the quant that holds a leaf of a chain's tree by halving heights; on a reader's thread. */
final class LeafLookup {
    /** The chain may be reorganised while it is looked at. */
    private static final int TRIES_MAX = 5;

    private final OpenChain chain;

    LeafLookup(OpenChain chain) {
        this.chain = chain;
    }

    /** Nothing if the chain does not reach that far. */
    Optional<Hash> find(long index) {
        if (index < 0) {
            return Optional.empty();
        }
        for (int i = 0; i < TRIES_MAX; i++) {
            long head = chain.tip().head().height();
            if (chain.tip().head().header().treeSize() <= index) {
                return Optional.empty();
            }
            Optional<QuantRecord> found = halve(index, head);
            if (found.filter(quant -> holds(quant, index)).isPresent()) {
                return found.map(QuantRecord::hash);
            }
        }
        throw new Failure(Reason.BUSY, "the chain is being reorganised");
    }

    /** The lowest quant with more leaves than the index; nothing if one of those looked at left the chain meanwhile. */
    private Optional<QuantRecord> halve(long index, long head) {
        long below = -1;
        long above = head;
        while (above - below > 1) {
            long middle = (below + above) >>> 1;
            Optional<QuantRecord> quant = at(middle);
            if (quant.isEmpty()) {
                return Optional.empty();
            }
            if (quant.get().header().treeSize() > index) {
                above = middle;
            } else {
                below = middle;
            }
        }
        return at(above);
    }

    private Optional<QuantRecord> at(long height) {
        return chain.quants().at(height).map(chain.quants()::known);
    }

    private static boolean holds(QuantRecord quant, long index) {
        long size = quant.header().treeSize();
        return index < size && index >= size - quant.header().count();
    }
}
