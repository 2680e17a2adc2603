package io.qbc.persistence.lifecycle;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.persistence.chain.Quants;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.SequenceScan;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.Optional;

/** Who a chain was that cannot be opened, as far as that can still be found out. */
record UnreadableChain(Hash id, String name) {
    private static final int NAME_BYTES_MAX = 64;

    /**
     * Looks at what the registry has, and at the store when that is damaged too.
     *
     * @param row the registry's record of the chain
     */
    static UnreadableChain of(Store store, int number, byte[] row) {
        Decoder in = new Decoder(Bytes.wrap(row));
        Hash stated = in.hash();
        String name = in.bytes(NAME_BYTES_MAX).text();
        boolean known = !in.failed() && has(store, number, stated);
        Hash id = known ? stated : first(store, number).orElseGet(() -> Sha256.of(row, 0, row.length));
        boolean named = !in.failed() && name.matches("[a-z][a-z0-9-]*");
        return new UnreadableChain(id, named ? name : "damaged-" + number);
    }

    private static boolean has(Store store, int number, Hash quant) {
        try {
            return store.get(ColumnFamily.QUANTS, StoreKeys.hashed(number, quant))
                    .isPresent();
        } catch (StoreException e) {
            // The registry's record is whole, and all there is to go by.
            return true;
        }
    }

    /** The first quant that the chain has itself, which is its genesis quant, unless a fork has kept some before it. */
    private static Optional<Hash> first(Store store, int number) {
        try (SequenceScan main = new SequenceScan(store, ColumnFamily.MAIN, number)) {
            return main.seek(0)
                    ? Optional.of(main.value())
                            .filter(hash -> hash.length == Hash.BYTES)
                            .map(Quants::hash)
                    : Optional.empty();
        }
    }
}
