package io.qbc.persistence;

import io.qbc.model.Reason;
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
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/** A store in memory that knows which writes are synced: a crash takes some of the others away, the last ones first. */
public final class SimDisk implements Store {
    private final Map<Space, TreeMap<byte[], byte[]>> spaces = new EnumMap<>(Space.class);
    private final List<List<Runnable>> unsynced = new ArrayList<>();
    private final Set<Bug> bugs;
    private Optional<Changes> lost = Optional.empty();
    private boolean crashing;
    private boolean failing;

    public SimDisk(Set<Bug> bugs) {
        this.bugs = bugs;
        for (Space space : Space.values()) {
            spaces.put(space, new TreeMap<>(Arrays::compareUnsigned));
        }
    }

    /** The next write is cut off by a crash. */
    public void crashAtWrite() {
        crashing = true;
    }

    /** All writes fail until the next {@link #crash}. */
    public void fail() {
        failing = true;
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
    public Optional<byte[]> get(Space space, byte[] key) {
        return Optional.ofNullable(spaces.get(space).get(key));
    }

    @Override
    public List<byte[]> gets(Space space, List<byte[]> keys) {
        return keys.stream().map(key -> get(space, key).orElse(new byte[0])).toList();
    }

    @Override
    public Scan scan(Space space) {
        return new Walk(spaces.get(space));
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
    public void check() {
        // Nothing in memory decays.
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
        public void put(Space space, byte[] key, byte[] value) {
            steps.add(undo -> change(spaces.get(space), key, Optional.of(value), undo));
        }

        @Override
        public void delete(Space space, byte[] key) {
            steps.add(undo -> change(spaces.get(space), key, Optional.empty(), undo));
        }

        @Override
        public void delete(Space space, byte[] from, byte[] end) {
            steps.add(undo -> List.copyOf(spaces.get(space).subMap(from, end).keySet())
                    .forEach(key -> change(spaces.get(space), key, Optional.empty(), undo)));
        }

        private static void change(Map<byte[], byte[]> rows, byte[] key, Optional<byte[]> value, List<Runnable> undo) {
            Optional<byte[]> before = Optional.ofNullable(rows.get(key));
            undo.add(() -> set(rows, key, before));
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
    private static final class Walk implements Scan {
        private final NavigableMap<byte[], byte[]> rows;
        private Optional<Map.Entry<byte[], byte[]>> at = Optional.empty();

        Walk(NavigableMap<byte[], byte[]> rows) {
            this.rows = rows;
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
            return at.orElseThrow().getValue();
        }

        @Override
        public int value(byte[] into) {
            return copy(at.orElseThrow().getValue(), into);
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
