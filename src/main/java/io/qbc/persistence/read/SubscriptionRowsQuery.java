package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.FindSubscriptionRows;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.bus.Catalogue.SubscriptionRows;
import io.qbc.model.Bytes;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.SubscriptionWrite;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Finds what is stored for a chain's subscriptions; on a reader's thread. */
final class SubscriptionRowsQuery {
    private static final int KEY_BYTES_MAX = 256;

    private final Store store;
    private final OpenChain chain;

    SubscriptionRowsQuery(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
    }

    SubscriptionRows find(FindSubscriptionRows question) {
        byte[] prefix = SubscriptionWrite.key(chain.number(), question.prefix().toArray());
        byte[] after = SubscriptionWrite.key(chain.number(), question.after().toArray());
        boolean behind = Arrays.compareUnsigned(after, prefix) > 0;
        List<SubscriptionRow> rows = new ArrayList<>();
        byte[] key = new byte[KEY_BYTES_MAX];
        try (Store.Scan scan = store.scan(ColumnFamily.SUBSCRIPTIONS)) {
            for (scan.seek(behind ? after : prefix); scan.here() && rows.size() < question.countMax(); scan.next()) {
                int size = Math.min(scan.key(key), key.length);
                if (size < prefix.length || !Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
                    break;
                }
                if (!Arrays.equals(key, 0, size, after, 0, after.length)) {
                    Bytes name = Bytes.wrap(Arrays.copyOfRange(key, StoreKeys.CHAIN_BYTES, size));
                    rows.add(new SubscriptionRow(name, Optional.of(Bytes.wrap(scan.value()))));
                }
            }
        }
        return new SubscriptionRows(rows);
    }
}
