package io.qbc.ledger;

import io.qbc.model.Hash;
import io.qbc.model.Run;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What waits for a leap in one chain, in the order of this node's log, within limits. Payloads stay in the store. */
public final class Pool {
    private final int transactionsMax;
    private final long bytesMax;
    private final TreeMap<Long, Waiter> waiting = new TreeMap<>();
    private long bytes;
    private int reservedCount;
    private long reservedBytes;

    /**
     * A pool without entries.
     *
     * @param transactionsMax how many may wait or be on their way in
     * @param bytesMax their encoded bytes together
     */
    public Pool(int transactionsMax, long bytesMax) {
        this.transactionsMax = transactionsMax;
        this.bytesMax = bytesMax;
    }

    /** A waiting transaction; {@code quiet} ones are not announced; {@code since} in milliseconds since 1970. */
    private record Waiter(Hash id, int bytes, long since, boolean quiet) {}

    /** What a quant can take: ids in order, where they are in the log, and their bytes together. */
    public record Batch(List<Hash> ids, List<Run> runs, long bytes) {
        public Batch {
            ids = List.copyOf(ids);
            runs = List.copyOf(runs);
        }
    }

    /** Ids to announce, and the sequence number up to which they reach. */
    public record News(List<Hash> ids, long upTo) {
        public News {
            ids = List.copyOf(ids);
        }
    }

    /** Sets room aside for one transaction that is on its way into the store; false if there is none. */
    public boolean reserve(int size) {
        boolean room = waiting.size() + reservedCount < transactionsMax && bytes + reservedBytes + size <= bytesMax;
        if (room) {
            reservedCount++;
            reservedBytes += size;
        }
        return room;
    }

    /** Gives back what {@link #reserve} set aside, whether the transaction came in or not. */
    public void release(int size) {
        reservedCount--;
        reservedBytes -= size;
    }

    /** Adds an entry of the log; adding it again changes nothing. */
    public void add(long sequence, Hash id, int size, long since, boolean quiet) {
        if (waiting.putIfAbsent(sequence, new Waiter(id, size, since, quiet)) == null) {
            bytes += size;
        }
    }

    /** Takes out the entries of a run that wait, those that do not are passed over. */
    public void remove(Run run) {
        SortedMap<Long, Waiter> gone = waiting.subMap(run.from(), run.end());
        for (Waiter waiter : gone.values()) {
            bytes -= waiter.bytes();
        }
        gone.clear();
    }

    /** Takes everything out. */
    public void clear() {
        waiting.clear();
        bytes = 0;
    }

    public int transactions() {
        return waiting.size();
    }

    public long bytes() {
        return bytes;
    }

    /** Since when the first in the order has waited. */
    public Optional<Long> oldest() {
        return Optional.ofNullable(waiting.firstEntry())
                .map(entry -> entry.getValue().since());
    }

    /** The last entry's sequence number, or -1 without entries. */
    public long last() {
        return waiting.isEmpty() ? -1 : waiting.lastKey();
    }

    /** Whether an entry up to this sequence number waits. */
    public boolean waitsUpTo(long sequence) {
        return !waiting.isEmpty() && waiting.firstKey() <= sequence;
    }

    /** The first entries, as many as a quant may hold; at least one if any waits. */
    public Batch first(int countMax, long sizeMax) {
        List<Hash> ids = new ArrayList<>(Math.min(countMax, waiting.size()));
        List<Run> runs = new ArrayList<>();
        long from = 0;
        long end = 0;
        long size = 0;
        for (Map.Entry<Long, Waiter> entry : waiting.entrySet()) {
            Waiter waiter = entry.getValue();
            if (ids.size() == countMax || (!ids.isEmpty() && size + waiter.bytes() > sizeMax)) {
                break;
            }
            if (entry.getKey() != end || ids.isEmpty()) {
                flush(runs, from, end);
                from = entry.getKey();
            }
            end = entry.getKey() + 1;
            ids.add(waiter.id());
            size += waiter.bytes();
        }
        flush(runs, from, end);
        return new Batch(ids, runs, size);
    }

    /** Ids of entries after a sequence number that may be announced. */
    public News after(long sequence, int countMax) {
        List<Hash> ids = new ArrayList<>();
        long upTo = sequence;
        for (Map.Entry<Long, Waiter> entry : waiting.tailMap(sequence, false).entrySet()) {
            if (ids.size() == countMax) {
                break;
            }
            upTo = entry.getKey();
            if (!entry.getValue().quiet()) {
                ids.add(entry.getValue().id());
            }
        }
        return new News(ids, upTo);
    }

    private static void flush(List<Run> runs, long from, long end) {
        if (end > from) {
            runs.add(new Run(from, (int) (end - from)));
        }
    }
}
