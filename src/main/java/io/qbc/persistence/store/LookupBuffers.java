package io.qbc.persistence.store;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ByteBufferGetStatus;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * The memory in which one thread looks many keys up at once, for short keys and values. Of all ways to do so this is
 * the one that tells for each key whether it is absent or could not be read.
 */
final class LookupBuffers {
    private static final int KEYS_MAX = 1024;
    private static final int KEY_BYTES_MAX = 64;
    private static final int VALUE_BYTES_MAX = 16;

    private final List<ByteBuffer> keys = slices(KEY_BYTES_MAX);
    private final List<ByteBuffer> values = slices(VALUE_BYTES_MAX);

    private static List<ByteBuffer> slices(int bytes) {
        ByteBuffer all = ByteBuffer.allocateDirect(KEYS_MAX * bytes);
        List<ByteBuffer> slices = new ArrayList<>(KEYS_MAX);
        for (int i = 0; i < KEYS_MAX; i++) {
            slices.add(all.slice(i * bytes, bytes));
        }
        return slices;
    }

    /** The values in order; an empty array for a key that is absent. */
    List<byte[]> find(RocksDB db, ReadOptions options, ColumnFamilyHandle family, List<byte[]> wanted)
            throws RocksDBException {
        List<byte[]> found = new ArrayList<>(wanted.size());
        for (int from = 0; from < wanted.size(); from += KEYS_MAX) {
            find(db, options, family, wanted.subList(from, Math.min(wanted.size(), from + KEYS_MAX)), found);
        }
        return found;
    }

    private void find(RocksDB db, ReadOptions options, ColumnFamilyHandle family, List<byte[]> some, List<byte[]> found)
            throws RocksDBException {
        for (int i = 0; i < some.size(); i++) {
            keys.get(i).clear().put(some.get(i)).flip();
            values.get(i).clear();
        }
        List<ByteBufferGetStatus> statuses = db.multiGetByteBuffers(
                options, List.of(family), keys.subList(0, some.size()), values.subList(0, some.size()));
        for (ByteBufferGetStatus status : statuses) {
            found.add(value(status));
        }
    }

    private static byte[] value(ByteBufferGetStatus found) throws RocksDBException {
        if (found.status.getCode() == Status.Code.NotFound) {
            return new byte[0];
        }
        if (found.status.getCode() != Status.Code.Ok) {
            throw new RocksDBException(found.status);
        }
        if (found.requiredSize > VALUE_BYTES_MAX) {
            throw StoreException.corrupt("a short value has " + found.requiredSize + " bytes");
        }
        byte[] value = new byte[found.requiredSize];
        found.value.get(value);
        return value;
    }
}
