package io.qbc.persistence.store;

import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The store on RocksDB, the one class that knows it. */
public final class RocksStore implements Store {
    private static final Logger LOG = LoggerFactory.getLogger(RocksStore.class);
    private static final int BATCH_BYTES = 64 * 1024;
    /** The cache finds out itself how large its entries are, and how many parts it should have. */
    private static final int ANY_CHARGE = 0;

    private static final int ANY_SHARDS = -1;
    private static final int BATCH_BYTES_KEPT = 32 << 20;
    private static final int SWEEP_BYTES = 128 * 1024;

    private final FileRateLimit pace;
    private final Deque<RocksObject> owned = new ArrayDeque<>();
    private final Map<ColumnFamily, ColumnFamilyHandle> families = new EnumMap<>(ColumnFamily.class);
    private final RocksDB db;
    private final boolean readOnly;
    private final WriteOptions synced;
    private final WriteOptions unsynced;
    private final ReadOptions plain;
    private final ReadOptions prefixed;
    private final ReadOptions sweeping;
    /** A batch that was written and emptied, so that the next one need not grow from nothing. */
    private final BlockingQueue<WriteBatch> spare = new ArrayBlockingQueue<>(1);

    private RocksStore(Path directory, NodeConfig.Store limits, boolean readOnly) throws RocksDBException {
        this.readOnly = readOnly;
        pace = new FileRateLimit();
        // Without locks, and of what is seldom asked for it lets indexes and filters go last.
        Cache cache = own(new HyperClockCache(StoreSize.cache(limits.cacheBytes()), ANY_CHARGE, ANY_SHARDS, false));
        BloomFilter bloom = own(new BloomFilter(10));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        for (ColumnFamily columnFamily : ColumnFamily.values()) {
            descriptors.add(new ColumnFamilyDescriptor(
                    columnFamily.family(), own(RocksOptions.family(columnFamily, limits, cache, bloom))));
        }
        DBOptions options = own(RocksOptions.database(limits, own(pace.limiter()), own(pace.deletes()))
                .setCreateIfMissing(!readOnly));
        db = readOnly
                ? RocksDB.openReadOnly(options, directory.toString(), descriptors, handles)
                : RocksDB.open(options, directory.toString(), descriptors, handles);
        Iterator<ColumnFamilyHandle> handle = handles.iterator();
        for (ColumnFamily columnFamily : ColumnFamily.values()) {
            families.put(columnFamily, handle.next());
        }
        synced = own(new WriteOptions().setSync(true));
        unsynced = own(new WriteOptions());
        plain = own(new ReadOptions());
        prefixed = own(new ReadOptions().setPrefixSameAsStart(true));
        sweeping = own(new ReadOptions().setFillCache(false).setReadaheadSize(SWEEP_BYTES));
    }

    /** Opens the store in a directory for reading and writing, and makes it if there is none. */
    public static RocksStore open(Path directory, NodeConfig.Store limits) {
        return open(directory, limits, false);
    }

    /** Opens a store for reading only; nothing in the directory changes. */
    public static RocksStore openToRead(Path directory, NodeConfig.Store limits) {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            throw new StoreException(Reason.CORRUPT, "there is no store in " + directory);
        }
        return open(directory, limits, true);
    }

    private static RocksStore open(Path directory, NodeConfig.Store limits, boolean readOnly) {
        NativeLibrary.load();
        try {
            Files.createDirectories(directory);
            refuseUnknownFamilies(directory);
            return new RocksStore(directory, limits, readOnly);
        } catch (RocksDBException e) {
            throw fault("opening " + directory, e);
        } catch (IOException e) {
            throw new StoreException(Reason.INTERNAL, "the directory " + directory + " cannot be made: " + e, e);
        }
    }

    /** A newer format may have spaces that this version does not know; RocksDB's own message would not say so. */
    private static void refuseUnknownFamilies(Path directory) throws RocksDBException {
        if (!Files.exists(directory.resolve("CURRENT"))) {
            return;
        }
        try (Options options = new Options()) {
            for (byte[] name : RocksDB.listColumnFamilies(options, directory.toString())) {
                if (Arrays.stream(ColumnFamily.values())
                        .noneMatch(columnFamily -> Arrays.equals(columnFamily.family(), name))) {
                    throw new StoreException(
                            Reason.INTERNAL, "the store in " + directory + " is of another version of QBC");
                }
            }
        }
    }

    @Override
    public Optional<byte[]> get(ColumnFamily columnFamily, byte[] key) {
        try {
            return Optional.ofNullable(db.get(family(columnFamily), plain, key));
        } catch (RocksDBException e) {
            throw fault("reading", e);
        }
    }

    @Override
    public List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys) {
        try {
            List<byte[]> values =
                    db.multiGetAsList(plain, Collections.nCopies(keys.size(), family(columnFamily)), keys);
            values.replaceAll(value -> value == null ? new byte[0] : value);
            return values;
        } catch (RocksDBException e) {
            throw fault("reading", e);
        }
    }

    @Override
    public Scan scan(ColumnFamily columnFamily) {
        return new RocksScan(
                db.newIterator(family(columnFamily), columnFamily == ColumnFamily.KEYS ? prefixed : plain));
    }

    @Override
    public Scan sweep(ColumnFamily columnFamily) {
        return new RocksScan(db.newIterator(family(columnFamily), sweeping));
    }

    @Override
    public Batch batch() {
        return new RocksBatch(Optional.ofNullable(spare.poll()).orElseGet(() -> new WriteBatch(BATCH_BYTES)));
    }

    @Override
    public void write(Batch batch) {
        write(synced, batch);
    }

    @Override
    public void append(Batch batch) {
        write(unsynced, batch);
    }

    private void write(WriteOptions options, Batch batch) {
        WriteBatch writes = ((RocksBatch) batch).batch;
        try {
            db.write(options, writes);
        } catch (RocksDBException e) {
            throw fault("writing", e);
        }
        pace.wrote(writes.getDataSize(), db, family(ColumnFamily.IDS));
    }

    @Override
    public void sync() {
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw fault("syncing", e);
        }
    }

    @Override
    public void checkpoint(Path directory) {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(directory.toString());
        } catch (RocksDBException e) {
            throw fault("copying to " + directory, e);
        }
    }

    @Override
    public void check() {
        try {
            db.verifyChecksum();
        } catch (RocksDBException e) {
            throw fault("checking", e);
        }
    }

    @Override
    public void close() {
        pace.hurry();
        flush();
        Optional.ofNullable(spare.poll()).ifPresent(WriteBatch::close);
        families.values().forEach(ColumnFamilyHandle::close);
        db.close();
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
    }

    /** Empties the write-ahead log, so that the next start has nothing to read again. */
    private void flush() {
        if (readOnly) {
            return;
        }
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, List.copyOf(families.values()));
        } catch (RocksDBException e) {
            LOG.warn("the log stays for the next start to read: {}", e.getMessage());
        }
    }

    private ColumnFamilyHandle family(ColumnFamily columnFamily) {
        return families.get(columnFamily);
    }

    private <T extends RocksObject> T own(T object) {
        owned.push(object);
        return object;
    }

    static StoreException fault(String doing, RocksDBException e) {
        Optional<Status> status = Optional.ofNullable(e.getStatus());
        boolean full = status.map(Status::getSubCode)
                        .filter(Status.SubCode.NoSpace::equals)
                        .isPresent()
                || String.valueOf(e.getMessage()).contains("No space left");
        boolean corrupt = status.map(Status::getCode)
                .filter(Status.Code.Corruption::equals)
                .isPresent();
        Reason reason = full ? Reason.STORE_FULL : corrupt ? Reason.CORRUPT : Reason.STORE_READ_ONLY;
        return new StoreException(reason, doing + " failed: " + e.getMessage(), e);
    }

    private final class RocksBatch implements Batch {
        private final WriteBatch batch;

        RocksBatch(WriteBatch batch) {
            this.batch = batch;
        }

        @Override
        public void put(ColumnFamily columnFamily, byte[] key, byte[] value) {
            try {
                batch.put(family(columnFamily), key, value);
            } catch (RocksDBException e) {
                throw fault("collecting", e);
            }
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] key) {
            try {
                batch.delete(family(columnFamily), key);
            } catch (RocksDBException e) {
                throw fault("collecting", e);
            }
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] from, byte[] end) {
            try {
                batch.deleteRange(family(columnFamily), from, end);
            } catch (RocksDBException e) {
                throw fault("collecting", e);
            }
        }

        @Override
        public void close() {
            boolean small = batch.getDataSize() <= BATCH_BYTES_KEPT;
            batch.clear();
            if (!small || !spare.offer(batch)) {
                batch.close();
            }
        }
    }
}
