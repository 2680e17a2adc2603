package io.qbc.persistence.store;

import io.qbc.model.Reason;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** An ordered key-value store with atomic batches, for use by several threads. Faults are {@link StoreException}s. */
public interface Store extends AutoCloseable {
    Optional<byte[]> get(ColumnFamily columnFamily, byte[] key);

    /** The values of many keys in order; an empty array for a key that is absent. */
    List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys);

    /** A walk over one space as it is now. */
    Scan scan(ColumnFamily columnFamily);

    /** A walk forward over many rows that are read once, which leaves what is remembered for others as it is. */
    default Scan sweep(ColumnFamily columnFamily) {
        return scan(columnFamily);
    }

    Batch batch();

    /** Writes the batch as a whole and syncs it; after a failure nothing may be written any more. */
    void write(Batch batch);

    /** Writes the batch as a whole; it is shown to readers, but safe only after the next {@link #sync}. */
    void append(Batch batch);

    /** Makes everything durable that was appended before; another thread may append meanwhile. */
    void sync();

    /**
     * Puts the store as it is now into a directory that is not there yet; files that never change are linked where the
     * file system can do that.
     */
    default void checkpoint(Path directory) {
        throw new StoreException(Reason.INTERNAL, "this store makes no copy of itself in " + directory);
    }

    /**
     * Reads every stored block and checks its checksum.
     *
     * @param between runs before each file, and may end it all by what it throws
     */
    void check(Runnable between);

    @Override
    void close();

    /** Changes that are made together or not at all. */
    interface Batch extends AutoCloseable {
        void put(ColumnFamily columnFamily, byte[] key, byte[] value);

        void delete(ColumnFamily columnFamily, byte[] key);

        /** Deletes all keys from {@code from} on that are before {@code end}. */
        void delete(ColumnFamily columnFamily, byte[] from, byte[] end);

        @Override
        void close();
    }

    /** A position in the keys' order; used by one thread. */
    interface Scan extends AutoCloseable {
        /** Goes to the first key that is not before {@code key}. */
        void seek(byte[] key);

        /** Goes to the last key that is not after {@code key}. */
        void seekBack(byte[] key);

        void next();

        /** Whether there is a key here; past the end there is none. */
        boolean here();

        /** Copies as much of the key as fits, and gives the key's whole size. */
        int key(byte[] into);

        byte[] value();

        /** Copies as much of the value as fits, and gives the value's whole size. */
        int value(byte[] into);

        /** Copies as much of the value as fits behind {@code offset}, and gives the value's whole size. */
        default int value(byte[] into, int offset) {
            byte[] value = value();
            System.arraycopy(value, 0, into, offset, Math.min(value.length, into.length - offset));
            return value.length;
        }

        @Override
        void close();
    }
}
