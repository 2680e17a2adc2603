package io.qbc.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreKeys;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksBatchTest {
    @TempDir
    Path data;

    @Test
    void aBatchHoldsNothingOfTheOneBefore() {
        try (Store store =
                RocksStore.open(data.resolve("store"), Samples.config(data, 0).store())) {
            try (Store.Batch dropped = store.batch()) {
                dropped.put(ColumnFamily.LOG, StoreKeys.numbered(1, 1), new byte[] {1});
            }
            try (Store.Batch large = store.batch()) {
                large.put(ColumnFamily.LOG, StoreKeys.numbered(1, 2), new byte[9 << 20]);
                store.write(large);
            }
            try (Store.Batch one = store.batch();
                    Store.Batch beside = store.batch()) {
                one.put(ColumnFamily.LOG, StoreKeys.numbered(1, 3), new byte[] {3});
                beside.delete(ColumnFamily.LOG, StoreKeys.numbered(1, 2));
                store.write(one);
                assertThat(store.get(ColumnFamily.LOG, StoreKeys.numbered(1, 2)))
                        .isPresent();
                store.append(beside);
                store.sync();
            }
            assertThat(store.get(ColumnFamily.LOG, StoreKeys.numbered(1, 1))).isEmpty();
            assertThat(store.get(ColumnFamily.LOG, StoreKeys.numbered(1, 2))).isEmpty();
            assertThat(store.get(ColumnFamily.LOG, StoreKeys.numbered(1, 3))).hasValue(new byte[] {3});
        }
    }
}
