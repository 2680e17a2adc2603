package io.qbc.persistence.store;

import java.nio.file.Path;
import org.rocksdb.RocksDBException;

/** What is said of a damaged file before anything was changed: which one, what it means, and what to do. */
final class StoreDamage {
    /** What to do. */
    static final String REMEDY = "Restore the data directory from a backup; or mend it"
            + " from a peer that has the chains, by qbc verify --repair-from URL; or remove all in it but the keys"
            + " (*.key and *.pub, and the directory keys) and start with --peer, so that the chains are fetched again";

    private StoreDamage() {}

    /** The fault of one file. */
    static StoreException of(Path file, String what) {
        return StoreException.corrupt(file + " " + what + ". " + REMEDY);
    }

    /** The fault that RocksDB finds when it opens a store, and names the file. */
    static StoreException of(Path store, String what, RocksDBException cause) {
        return StoreException.corrupt("the store in " + store + " " + what + ": " + cause.getMessage() + ". " + REMEDY);
    }

    /** The fault of a part of a file. */
    static StoreException at(Path file, long offset, String what) {
        return of(file, "is damaged at byte " + offset + ": " + what);
    }
}
