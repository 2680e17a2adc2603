package io.qbc.planted.http;

import org.rocksdb.RocksDB;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesStore {
    private UsesStore() {}

    public static Class<?> answer() {
        return RocksDB.class;
    }
}
