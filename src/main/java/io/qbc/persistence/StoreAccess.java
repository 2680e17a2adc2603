package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.FreeSpace;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The ways to a node's store and its disk.
 *
 * @param opener opens the store of a directory for reading and writing
 * @param reader opens it for reading only
 * @param usableBytes tells how much is free on its disk
 */
record StoreAccess(Function<Path, Store> opener, Function<Path, Store> reader, LongSupplier usableBytes) {
    /** RocksDB in the data directory. */
    static StoreAccess of(NodeConfig config) {
        return new StoreAccess(
                path -> {
                    PersistenceVerticle.loadLibrary(config);
                    return RocksStore.open(path, config.store());
                },
                path -> {
                    PersistenceVerticle.loadLibrary(config);
                    return RocksStore.openToRead(path, config.store());
                },
                FreeSpace.of(config.data()));
    }
}
