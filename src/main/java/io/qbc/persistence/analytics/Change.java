package io.qbc.persistence.analytics;

import io.qbc.ledger.analytics.Tally;
import io.qbc.model.Bytes;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The rows of the roll-up that a piece changes, as they are to be.
 *
 * @param isSound whether what stands in the store can be what it was made of
 */
record Change(Map<Bytes, byte[]> puts, List<Bytes> deletes, boolean isSound) {
    /**
     * Reads the rows as they are; nobody else changes them.
     *
     * @param added whether the piece is added, or taken away
     */
    static Change of(Store store, int chain, RollupPiece piece, boolean added) {
        Map<Bytes, byte[]> puts = new TreeMap<>();
        List<Bytes> deletes = new ArrayList<>();
        boolean sound = true;
        for (Map.Entry<RollupKeys.Row, Tally> delta : piece.tallies().entrySet()) {
            byte[] key = RollupKeys.tally(chain, delta.getKey());
            Optional<byte[]> stored = store.get(ColumnFamily.ROLLUP, key);
            Optional<Tally> tally =
                    stored.isEmpty() ? Optional.of(new Tally()) : Tally.decode(Bytes.wrap(stored.get()));
            if (tally.isEmpty() || !applied(tally.get(), delta.getValue(), added)) {
                sound = false;
            } else if (tally.get().isEmpty()) {
                deletes.add(Bytes.wrap(key));
            } else {
                puts.put(Bytes.wrap(key), tally.get().encode());
            }
        }
        piece.names().rows((key, value) -> puts.put(Bytes.wrap(key), value));
        return new Change(puts, deletes, sound);
    }

    private static boolean applied(Tally tally, Tally delta, boolean added) {
        if (added) {
            tally.add(delta);
            return true;
        }
        return tally.subtract(delta);
    }
}
