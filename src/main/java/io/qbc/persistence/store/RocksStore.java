package io.qbc.persistence.store;

import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.stream.Collectors;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.HyperClockCache;
import org.rocksdb.LiveFileMetaData;
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
    private static final byte[] GROUP = StoreKeys.group();

    private final FileRateLimit pace;
    private final Deque<RocksObject> owned = new ArrayDeque<>();
    private final Map<ColumnFamily, ColumnFamilyHandle> families = new EnumMap<>(ColumnFamily.class);
    private final RocksDB db;
    private final boolean readOnly;
    /** Held while a group is numbered and appended, so that the log has them in order. */
    private final Object order = new Object();

    private final WriteOptions synced;
    private final WriteOptions unsynced;
    private final ReadOptions plain;
    private final ReadOptions prefixed;
    private final ReadOptions sweeping;
    /** A batch that was written and emptied, so that the next one need not grow from nothing. */
    private final BlockingQueue<WriteBatch> spare = new ArrayBlockingQueue<>(1);

    private Optional<Acknowledgements> acknowledgements = Optional.empty();
    private boolean marked;
    /** The last group of which anything may be in the log. */
    private volatile long begun;
    /** The last group that is in the log as a whole. */
    private volatile long groups;

    /** What may be done with a store that is opened. */
    enum Access {
        READ,
        WRITE,
        /** Whatever is missing is made. */
        MAKE
    }

    RocksStore(Path directory, NodeConfig.Store limits, Access access) throws RocksDBException {
        readOnly = access == Access.READ;
        pace = new FileRateLimit();
        // Without locks, and of what is seldom asked for it lets indexes and filters go last.
        Cache cache = own(new HyperClockCache(StoreSize.cache(limits.cacheBytes()), ANY_CHARGE, ANY_SHARDS, false));
        BloomFilter bloom = own(new BloomFilter(10));
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        List<ColumnFamily> present = present(directory, access);
        for (ColumnFamily columnFamily : present) {
            descriptors.add(new ColumnFamilyDescriptor(
                    columnFamily.family(), own(RocksOptions.family(columnFamily, limits, cache, bloom))));
        }
        DBOptions options = own(RocksOptions.database(limits, own(pace.limiter()), own(pace.deletes()))
                .setCreateIfMissing(access == Access.MAKE)
                .setCreateMissingColumnFamilies(access != Access.READ));
        db = readOnly
                ? RocksDB.openReadOnly(options, directory.toString(), descriptors, handles)
                : RocksDB.open(options, directory.toString(), descriptors, handles);
        Iterator<ColumnFamilyHandle> handle = handles.iterator();
        for (ColumnFamily columnFamily : present) {
            families.put(columnFamily, handle.next());
        }
        synced = own(new WriteOptions().setSync(true));
        unsynced = own(new WriteOptions());
        plain = own(new ReadOptions());
        prefixed = own(new ReadOptions().setPrefixSameAsStart(true));
        sweeping = own(new ReadOptions().setFillCache(false).setReadaheadSize(SWEEP_BYTES));
    }

    /** The spaces to open: what is only read has nothing in those that are not there yet. */
    private static List<ColumnFamily> present(Path directory, Access access) throws RocksDBException {
        List<ColumnFamily> all = List.of(ColumnFamily.values());
        if (access != Access.READ) {
            return all;
        }
        try (Options options = new Options()) {
            Set<String> names = RocksDB.listColumnFamilies(options, directory.toString()).stream()
                    .map(name -> new String(name, StandardCharsets.US_ASCII))
                    .collect(Collectors.toSet());
            return all.stream()
                    .filter(columnFamily -> !columnFamily.isLater() || names.contains(columnFamily.familyName()))
                    .toList();
        }
    }

    /** Opens the store in a directory for reading and writing, and makes it if there never was one. */
    public static RocksStore open(Path directory, NodeConfig.Store limits) {
        return StoreOpening.open(directory, limits);
    }

    /** Whether there is, or ever was, a store in a directory. */
    public static boolean isMade(Path directory) {
        return Files.isDirectory(directory) || Files.exists(AcknowledgementFile.of(directory));
    }

    /** Opens a store for reading only; nothing in the directory changes. */
    public static RocksStore openToRead(Path directory, NodeConfig.Store limits) {
        return StoreOpening.openToRead(directory, limits);
    }

    /** The number of the last group of writes. */
    long group() {
        return get(ColumnFamily.META, StoreKeys.group())
                .map(value -> StoreKeys.number(value, 0))
                .orElse(0L);
    }

    /** Numbers groups from here on, and keeps how far they were acknowledged. */
    void number(long last, Acknowledgements kept) {
        groups = last;
        begun = last;
        acknowledgements = Optional.of(kept);
        kept.start(() -> begun);
    }

    @Override
    public Optional<byte[]> get(ColumnFamily columnFamily, byte[] key) {
        if (!families.containsKey(columnFamily)) {
            return Optional.empty();
        }
        try {
            return Optional.ofNullable(db.get(family(columnFamily), plain, key));
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    /** RocksDB gives nothing for a key that cannot be read, as for one that is absent, so absences are looked at. */
    @Override
    public List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys) {
        if (!families.containsKey(columnFamily)) {
            return Collections.nCopies(keys.size(), new byte[0]);
        }
        try {
            List<byte[]> values =
                    db.multiGetAsList(plain, Collections.nCopies(keys.size(), family(columnFamily)), keys);
            for (int i = 0; i < values.size(); i++) {
                if (values.get(i) == null) {
                    values.set(i, get(columnFamily, keys.get(i)).orElseGet(() -> new byte[0]));
                }
            }
            return values;
        } catch (RocksDBException e) {
            throw unreadable(e);
        }
    }

    /** A read that fails is never an absence, whatever the reason is; the message names the file. */
    static StoreException unreadable(RocksDBException e) {
        return StoreException.corrupt("reading failed: " + e.getMessage());
    }

    @Override
    public Scan scan(ColumnFamily columnFamily) {
        return walk(columnFamily, columnFamily == ColumnFamily.KEYS ? prefixed : plain);
    }

    @Override
    public Scan sweep(ColumnFamily columnFamily) {
        return walk(columnFamily, sweeping);
    }

    /** A space that is not there yet, in a store that is only read, has nothing. */
    private Scan walk(ColumnFamily columnFamily, ReadOptions options) {
        return families.containsKey(columnFamily)
                ? new RocksScan(db.newIterator(family(columnFamily), options))
                : new EmptyScan();
    }

    @Override
    public Batch batch() {
        return new RocksBatch(Optional.ofNullable(spare.poll()).orElseGet(() -> new WriteBatch(BATCH_BYTES)));
    }

    @Override
    public void write(Batch batch) {
        acknowledge(write(synced, batch));
    }

    @Override
    public void append(Batch batch) {
        write(unsynced, batch);
    }

    private long write(WriteOptions options, Batch batch) {
        WriteBatch writes = ((RocksBatch) batch).batch;
        long group;
        try {
            synchronized (order) {
                group = groups + 1;
                writes.put(family(ColumnFamily.META), GROUP, StoreKeys.number(group));
                if (!marked) {
                    mark(writes);
                }
                begun = group;
                db.write(options, writes);
                marked = true;
                groups = group;
            }
        } catch (RocksDBException e) {
            throw fault("writing", e);
        }
        pace.wrote(writes.getDataSize(), db, family(ColumnFamily.IDS));
        return group;
    }

    /** Notes with the first write which spaces the store has from now on. */
    private void mark(WriteBatch writes) throws RocksDBException {
        for (ColumnFamily columnFamily : families.keySet()) {
            if (columnFamily.isLater() && columnFamily.isKept()) {
                writes.put(family(ColumnFamily.META), StoreKeys.has(columnFamily), new byte[0]);
            }
        }
    }

    @Override
    public void sync() {
        long appended = groups;
        try {
            db.syncWal();
        } catch (RocksDBException e) {
            throw fault("syncing", e);
        }
        acknowledge(appended);
    }

    private void acknowledge(long group) {
        acknowledgements.ifPresent(kept -> kept.acknowledge(group));
    }

    @Override
    public void checkpoint(Path directory) {
        long included = groups;
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(directory.toString());
            acknowledged(directory, included);
        } catch (RocksDBException e) {
            throw fault("copying to " + directory, e);
        }
    }

    /** A copy has its own acknowledgement: its files are others, and it need not have what comes later. */
    private void acknowledged(Path copy, long group) {
        Optional<byte[]> id = get(ColumnFamily.META, StoreKeys.storeId());
        if (id.isEmpty()) {
            return;
        }
        try {
            AcknowledgementFile.create(
                    AcknowledgementFile.of(copy),
                    Acknowledgement.begun(Acknowledgement.State.ADOPTING, Bytes.wrap(id.get()))
                            .upTo(group));
        } catch (IOException e) {
            throw new StoreException(Reason.INTERNAL, "what was acknowledged cannot be kept beside " + copy, e);
        }
    }

    /** RocksDB's own check of all files at once would be done before anybody could end it. */
    @Override
    public void check(Runnable between) {
        for (LiveFileMetaData table : db.getLiveFilesMetaData()) {
            between.run();
            TableFile.check(Path.of(table.path(), table.fileName()));
        }
    }

    @Override
    public void close() {
        pace.hurry();
        acknowledgements.ifPresent(Acknowledgements::stop);
        boolean flushed = flush();
        Optional.ofNullable(spare.poll()).ifPresent(WriteBatch::close);
        families.values().forEach(ColumnFamilyHandle::close);
        db.close();
        while (!owned.isEmpty()) {
            owned.pop().close();
        }
        acknowledgements.ifPresent(kept -> kept.close(flushed));
    }

    /** Empties the write-ahead log, so that the next start has nothing to read again. */
    private boolean flush() {
        if (readOnly) {
            return false;
        }
        try (FlushOptions options = new FlushOptions().setWaitForFlush(true)) {
            db.flush(options, List.copyOf(families.values()));
            return true;
        } catch (RocksDBException e) {
            LOG.warn("the log stays for the next start to read: {}", e.getMessage());
            return false;
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
