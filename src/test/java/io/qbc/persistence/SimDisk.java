package io.qbc.persistence;

import io.qbc.model.Reason;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.sim.Bug;
import io.qbc.sim.Crash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A store in memory that knows which writes are synced: a crash takes some of the others away, the last ones first. */
public final class SimDisk implements Store {
    private final Map<ColumnFamily, TreeMap<byte[], byte[]>> columnFamilies = new EnumMap<>(ColumnFamily.class);
    private final List<List<Runnable>> unsynced = new ArrayList<>();
    private final Set<Bug> bugs;
    private Optional<Changes> lost = Optional.empty();
    private final Map<ColumnFamily, TreeSet<byte[]>> rotten = new EnumMap<>(ColumnFamily.class);
    private boolean crashing;
    private boolean failing;
    private boolean rot;
    private long faultsFound;

    public SimDisk(Set<Bug> bugs) {
        this.bugs = bugs;
        for (ColumnFamily columnFamily : ColumnFamily.values()) {
            columnFamilies.put(columnFamily, new TreeMap<>(Arrays::compareUnsigned));
            rotten.put(columnFamily, new TreeSet<>(Arrays::compareUnsigned));
        }
    }

    /** The same rows on another disk. */
    public SimDisk copy() {
        SimDisk copy = new SimDisk(bugs);
        columnFamilies.forEach(
                (columnFamily, rows) -> copy.columnFamilies.get(columnFamily).putAll(rows));
        return copy;
    }

    /** The next write is cut off by a crash. */
    public void crashAtWrite() {
        crashing = true;
    }

    /** All writes fail until the next {@link #crash}. */
    public void fail() {
        failing = true;
    }

    /** Turns one bit of what is stored; false if there is nothing. */
    public boolean rot(RandomGenerator chance) {
        List<ColumnFamily> all = List.copyOf(columnFamilies.keySet());
        ColumnFamily columnFamily = all.get(chance.nextInt(all.size()));
        List<byte[]> keys = new ArrayList<>();
        columnFamilies.get(columnFamily).forEach((key, value) -> {
            if (value.length > 0) {
                keys.add(key);
            }
        });
        if (keys.isEmpty()) {
            return false;
        }
        byte[] key = keys.get(chance.nextInt(keys.size()));
        byte[] value = columnFamilies.get(columnFamily).get(key).clone();
        value[chance.nextInt(value.length)] ^= (byte) (1 << chance.nextInt(8));
        columnFamilies.get(columnFamily).put(key, value);
        rotten.get(columnFamily).add(key);
        rot = true;
        return true;
    }

    /** Whether writes fail. */
    boolean isFailing() {
        return failing;
    }

    /** How often something that has turned was asked for. */
    long faultsFound() {
        return faultsFound;
    }

    /** Whether a bit ever turned. */
    public boolean isRotten() {
        return rot;
    }

    /** As the store's checksums do it, nothing that has turned is given out. */
    private byte[] sound(ColumnFamily columnFamily, byte[] key, byte[] value) {
        if (rotten.get(columnFamily).contains(key) && !bugs.contains(Bug.NO_CHECKSUM)) {
            faultsFound++;
            throw StoreException.corrupt("the simulated disk has a wrong checksum");
        }
        return value;
    }

    /** Takes away what was not synced, or some of it. */
    public void crash(RandomGenerator chance) {
        int kept = chance.nextInt(unsynced.size() + 1);
        for (int i = unsynced.size() - 1; i >= kept; i--) {
            List<Runnable> undo = unsynced.get(i);
            boolean torn = i == kept && bugs.contains(Bug.TORN_BATCH);
            int from = torn ? chance.nextInt(undo.size() + 1) : 0;
            for (int at = undo.size() - 1; at >= from; at--) {
                undo.get(at).run();
            }
        }
        // Of a write that failed nobody knows whether it reached the disk.
        lost.filter(changes -> chance.nextBoolean()).ifPresent(changes -> changes.apply());
        lost = Optional.empty();
        unsynced.clear();
        crashing = false;
        failing = false;
    }

    @Override
    public Optional<byte[]> get(ColumnFamily columnFamily, byte[] key) {
        return Optional.ofNullable(columnFamilies.get(columnFamily).get(key))
                .map(value -> sound(columnFamily, key, value));
    }

    @Override
    public List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys) {
        return keys.stream()
                .map(key -> get(columnFamily, key).orElse(new byte[0]))
                .toList();
    }

    @Override
    public Scan scan(ColumnFamily columnFamily) {
        return new Walk(columnFamily);
    }

    @Override
    public Batch batch() {
        return new Changes();
    }

    @Override
    public void write(Batch batch) {
        append(batch);
        sync();
    }

    @Override
    public void append(Batch batch) {
        Changes changes = (Changes) batch;
        if (failing) {
            lost = Optional.of(changes);
            throw new StoreException(Reason.STORE_READ_ONLY, "the simulated disk fails");
        }
        if (bugs.contains(Bug.ACK_BEFORE_SYNC)) {
            unsynced.clear();
        }
        unsynced.add(changes.apply());
        if (crashing) {
            throw new Crash();
        }
    }

    @Override
    public void sync() {
        if (!bugs.contains(Bug.SKIP_SYNC) && !bugs.contains(Bug.ACK_BEFORE_SYNC)) {
            unsynced.clear();
        }
    }

    @Override
    public void check(Runnable between) {
        // Whatever has turned is found when it is read.
    }

    @Override
    public void close() {
        // The disk outlives the node.
    }

    /** A batch as the list of its changes. */
    private final class Changes implements Batch {
        private final List<Consumer<List<Runnable>>> steps = new ArrayList<>();

        /** Makes the changes; what takes each of them back, in the same order. */
        List<Runnable> apply() {
            List<Runnable> undo = new ArrayList<>();
            steps.forEach(step -> step.accept(undo));
            return undo;
        }

        @Override
        public void put(ColumnFamily columnFamily, byte[] key, byte[] value) {
            steps.add(undo -> change(columnFamily, key, Optional.of(value), undo));
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] key) {
            steps.add(undo -> change(columnFamily, key, Optional.empty(), undo));
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] from, byte[] end) {
            steps.add(undo -> List.copyOf(
                            columnFamilies.get(columnFamily).subMap(from, end).keySet())
                    .forEach(key -> change(columnFamily, key, Optional.empty(), undo)));
        }

        private void change(ColumnFamily columnFamily, byte[] key, Optional<byte[]> value, List<Runnable> undo) {
            Map<byte[], byte[]> rows = columnFamilies.get(columnFamily);
            Optional<byte[]> before = Optional.ofNullable(rows.get(key));
            boolean wrong = rotten.get(columnFamily).remove(key);
            undo.add(() -> {
                set(rows, key, before);
                if (wrong) {
                    rotten.get(columnFamily).add(key);
                } else {
                    rotten.get(columnFamily).remove(key);
                }
            });
            set(rows, key, value);
        }

        private static void set(Map<byte[], byte[]> rows, byte[] key, Optional<byte[]> value) {
            value.ifPresentOrElse(present -> rows.put(key, present), () -> rows.remove(key));
        }

        @Override
        public void close() {
            // Nothing to give back.
        }
    }

    /** A walk over the rows as they are. */
    private final class Walk implements Scan {
        private final ColumnFamily columnFamily;
        private final NavigableMap<byte[], byte[]> rows;
        private Optional<Map.Entry<byte[], byte[]>> at = Optional.empty();

        Walk(ColumnFamily columnFamily) {
            this.columnFamily = columnFamily;
            this.rows = columnFamilies.get(columnFamily);
        }

        @Override
        public void seek(byte[] key) {
            at = Optional.ofNullable(rows.ceilingEntry(key));
        }

        @Override
        public void seekBack(byte[] key) {
            at = Optional.ofNullable(rows.floorEntry(key));
        }

        @Override
        public void next() {
            at = Optional.ofNullable(rows.higherEntry(at.orElseThrow().getKey()));
        }

        @Override
        public boolean here() {
            return at.isPresent();
        }

        @Override
        public int key(byte[] into) {
            return copy(at.orElseThrow().getKey(), into);
        }

        @Override
        public byte[] value() {
            Map.Entry<byte[], byte[]> row = at.orElseThrow();
            return sound(columnFamily, row.getKey(), row.getValue());
        }

        @Override
        public int value(byte[] into) {
            return copy(value(), into);
        }

        private static int copy(byte[] from, byte[] into) {
            System.arraycopy(from, 0, into, 0, Math.min(from.length, into.length));
            return from.length;
        }

        @Override
        public void close() {
            // Nothing to give back.
        }
    }
}
