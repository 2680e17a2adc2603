package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.persistence.store.RocksStore;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.FreeSpace;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

/**
 * The ways to a node's store and its disk.
 *
 * @param opener opens the store of a directory for reading and writing
 * @param reader opens it for reading only
 * @param usableBytes tells how much is free on its disk
 */
record StoreAccess(Function<Path, Store> opener, Function<Path, Store> reader, LongSupplier usableBytes) {
    /**
     * RocksDB in the data directory.
     *
     * @param freeBytes gives what is taken for the free bytes of the disk, made of those that there are
     */
    static StoreAccess of(NodeConfig config, UnaryOperator<LongSupplier> freeBytes) {
        return new StoreAccess(
                path -> {
                    PersistenceVerticle.loadLibrary(config);
                    return RocksStore.open(path, config.store());
                },
                path -> {
                    PersistenceVerticle.loadLibrary(config);
                    return RocksStore.openToRead(path, config.store());
                },
                freeBytes.apply(FreeSpace.of(config.data())));
    }
}
