package io.qbc.persistence;

import io.qbc.model.Reason;
import io.qbc.persistence.store.Space;
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
    private final Map<Space, TreeMap<byte[], byte[]>> spaces = new EnumMap<>(Space.class);
    private final List<List<Runnable>> unsynced = new ArrayList<>();
    private final Set<Bug> bugs;
    private Optional<Changes> lost = Optional.empty();
    private final Map<Space, TreeSet<byte[]>> rotten = new EnumMap<>(Space.class);
    private boolean crashing;
    private boolean failing;
    private boolean rot;

    public SimDisk(Set<Bug> bugs) {
        this.bugs = bugs;
        for (Space space : Space.values()) {
            spaces.put(space, new TreeMap<>(Arrays::compareUnsigned));
            rotten.put(space, new TreeSet<>(Arrays::compareUnsigned));
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

    /** Turns one bit of what is stored; false if there is nothing. */
    public boolean rot(RandomGenerator chance) {
        List<Space> all = List.copyOf(spaces.keySet());
        Space space = all.get(chance.nextInt(all.size()));
        List<byte[]> keys = new ArrayList<>();
        spaces.get(space).forEach((key, value) -> {
            if (value.length > 0) {
                keys.add(key);
            }
        });
        if (keys.isEmpty()) {
            return false;
        }
        byte[] key = keys.get(chance.nextInt(keys.size()));
        byte[] value = spaces.get(space).get(key).clone();
        value[chance.nextInt(value.length)] ^= (byte) (1 << chance.nextInt(8));
        spaces.get(space).put(key, value);
        rotten.get(space).add(key);
        rot = true;
        return true;
    }

    /** Whether a bit ever turned. */
    public boolean isRotten() {
        return rot;
    }

    /** As the store's checksums do it, nothing that has turned is given out. */
    private byte[] sound(Space space, byte[] key, byte[] value) {
        if (rotten.get(space).contains(key) && !bugs.contains(Bug.NO_CHECKSUM)) {
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
    public Optional<byte[]> get(Space space, byte[] key) {
        return Optional.ofNullable(spaces.get(space).get(key)).map(value -> sound(space, key, value));
    }

    @Override
    public List<byte[]> gets(Space space, List<byte[]> keys) {
        return keys.stream().map(key -> get(space, key).orElse(new byte[0])).toList();
    }

    @Override
    public Scan scan(Space space) {
        return new Walk(space);
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
        public void put(Space space, byte[] key, byte[] value) {
            steps.add(undo -> change(space, key, Optional.of(value), undo));
        }

        @Override
        public void delete(Space space, byte[] key) {
            steps.add(undo -> change(space, key, Optional.empty(), undo));
        }

        @Override
        public void delete(Space space, byte[] from, byte[] end) {
            steps.add(undo -> List.copyOf(spaces.get(space).subMap(from, end).keySet())
                    .forEach(key -> change(space, key, Optional.empty(), undo)));
        }

        private void change(Space space, byte[] key, Optional<byte[]> value, List<Runnable> undo) {
            Map<byte[], byte[]> rows = spaces.get(space);
            Optional<byte[]> before = Optional.ofNullable(rows.get(key));
            boolean wrong = rotten.get(space).remove(key);
            undo.add(() -> {
                set(rows, key, before);
                if (wrong) {
                    rotten.get(space).add(key);
                } else {
                    rotten.get(space).remove(key);
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
        private final Space space;
        private final NavigableMap<byte[], byte[]> rows;
        private Optional<Map.Entry<byte[], byte[]>> at = Optional.empty();

        Walk(Space space) {
            this.space = space;
            this.rows = spaces.get(space);
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
            return sound(space, row.getKey(), row.getValue());
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
