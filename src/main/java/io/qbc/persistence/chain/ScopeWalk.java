package io.qbc.persistence.chain;

import io.qbc.model.Hash;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A walk that tells which entries of one chain's log used an idempotency key; used by one thread. */
public final class ScopeWalk implements AutoCloseable {
    private static final int SCOPE_END = StoreKeys.SCOPED_BYTES - Long.BYTES;

    private final Store.Scan scan;
    private final int chain;
    private final byte[] key = new byte[StoreKeys.SCOPED_BYTES];

    public ScopeWalk(Store store, int chain) {
        this.scan = store.scan(ColumnFamily.KEYS);
        this.chain = chain;
    }

    /** The entries of this scope, first come first. */
    public List<Long> entries(Hash scope) {
        byte[] first = StoreKeys.scoped(chain, scope, 0);
        List<Long> entries = new ArrayList<>(1);
        for (scan.seek(first); scan.here(); scan.next()) {
            boolean same = scan.key(key) == key.length && Arrays.equals(key, 0, SCOPE_END, first, 0, SCOPE_END);
            if (!same) {
                break;
            }
            entries.add(StoreKeys.number(key, SCOPE_END));
        }
        return entries;
    }

    @Override
    public void close() {
        scan.close();
    }
}
