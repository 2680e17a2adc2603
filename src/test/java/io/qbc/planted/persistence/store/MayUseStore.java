package io.qbc.planted.persistence.store;

import org.rocksdb.RocksDB;

/** Breaks no rule; ArchitectureTest must not complain. */
public final class MayUseStore {
    private MayUseStore() {}

    public static Class<?> answer() {
        return RocksDB.class;
    }
}
