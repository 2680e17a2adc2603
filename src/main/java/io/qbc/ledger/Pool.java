package io.qbc.ledger;

import io.qbc.model.Hash;
import io.qbc.model.Run;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What waits for a leap in one chain, in the order of this node's log, within limits. Payloads stay in the store. */
public final class Pool {
    private final int transactionsMax;
    private final long bytesMax;
    private final TreeMap<Long, Stretch> stretches = new TreeMap<>();
    /** The last one that was added to, as most entries come one after the other. */
    private Stretch latest = Stretch.NONE;

    private int count;
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
        boolean room = count + reservedCount < transactionsMax && bytes + reservedBytes + size <= bytesMax;
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

    /**
     * Adds an entry of the log; adding it again changes nothing.
     *
     * @param size of the encoded transaction in bytes
     * @param since when it came, milliseconds since 1970
     * @param quiet whether it is not to be announced
     */
    public void add(long sequence, Hash id, int size, long since, boolean quiet) {
        long number = Stretch.number(sequence);
        if (latest.number() != number) {
            latest = stretches.computeIfAbsent(number, Stretch::at);
        }
        if (latest.add(Stretch.place(sequence), id, size, since, quiet)) {
            count++;
            bytes += size;
        }
    }

    /** Takes out the entries of a run that wait, those that do not are passed over. */
    public void remove(Run run) {
        if (run.count() == 0) {
            return;
        }
        long from = Stretch.number(run.from());
        long to = Stretch.number(run.end() - 1);
        Iterator<Stretch> each = stretches.subMap(from, true, to, true).values().iterator();
        while (each.hasNext()) {
            Stretch stretch = each.next();
            long gone = stretch.waitingIn(run);
            count -= Long.bitCount(gone);
            for (long left = gone; left != 0; left &= left - 1) {
                bytes -= stretch.bytes(Long.numberOfTrailingZeros(left));
            }
            stretch.remove(gone);
            if (stretch.waiting() == 0) {
                each.remove();
                latest = Stretch.NONE;
            }
        }
    }

    /** Takes everything out. */
    public void clear() {
        stretches.clear();
        latest = Stretch.NONE;
        count = 0;
        bytes = 0;
    }

    public int transactions() {
        return count;
    }

    public long bytes() {
        return bytes;
    }

    /** Since when the first in the order has waited. */
    public Optional<Long> oldest() {
        return Optional.ofNullable(stretches.firstEntry())
                .map(Map.Entry::getValue)
                .map(stretch -> stretch.since(Stretch.place(stretch.first())));
    }

    /** The last entry's sequence number, or -1 without entries. */
    public long last() {
        return count == 0 ? -1 : stretches.lastEntry().getValue().last();
    }

    /** Whether an entry up to this sequence number waits. */
    public boolean waitsUpTo(long sequence) {
        return count > 0 && stretches.firstEntry().getValue().first() <= sequence;
    }

    /** The first entries, as many as a quant may hold; at least one if any waits. */
    public Batch first(int countMax, long sizeMax) {
        Gathering gathering = new Gathering(Math.min(countMax, count), sizeMax);
        for (Stretch stretch : stretches.values()) {
            for (long left = stretch.waiting(); left != 0; left &= left - 1) {
                if (!gathering.take(stretch, Long.numberOfTrailingZeros(left))) {
                    return gathering.batch();
                }
            }
        }
        return gathering.batch();
    }

    /** Ids of entries after a sequence number that may be announced. */
    public News after(long sequence, int countMax) {
        List<Hash> ids = new ArrayList<>();
        long upTo = sequence;
        long from = sequence + 1;
        for (Stretch stretch : stretches.tailMap(Stretch.number(from), true).values()) {
            int begin = stretch.number() == Stretch.number(from) ? Stretch.place(from) : 0;
            for (long left = stretch.waitingFrom(begin); left != 0; left &= left - 1) {
                if (ids.size() == countMax) {
                    return new News(ids, upTo);
                }
                int place = Long.numberOfTrailingZeros(left);
                upTo = stretch.sequence(place);
                if (!stretch.quiet(place)) {
                    ids.add(stretch.id(place));
                }
            }
        }
        return new News(ids, upTo);
    }

    /** A batch in the making. */
    private static final class Gathering {
        private final int countMax;
        private final long sizeMax;
        private final List<Hash> ids;
        private final List<Run> runs = new ArrayList<>();
        private long from;
        private long end;
        private long size;

        Gathering(int countMax, long sizeMax) {
            this.countMax = countMax;
            this.sizeMax = sizeMax;
            this.ids = new ArrayList<>(countMax);
        }

        /** Takes the next entry; false if it is one too many. */
        boolean take(Stretch stretch, int place) {
            int bytes = stretch.bytes(place);
            if (ids.size() == countMax || (!ids.isEmpty() && size + bytes > sizeMax)) {
                return false;
            }
            long sequence = stretch.sequence(place);
            if (sequence != end || ids.isEmpty()) {
                flush();
                from = sequence;
            }
            end = sequence + 1;
            ids.add(stretch.id(place));
            size += bytes;
            return true;
        }

        Batch batch() {
            flush();
            return new Batch(ids, runs, size);
        }

        private void flush() {
            if (end > from) {
                runs.add(new Run(from, (int) (end - from)));
            }
        }
    }
}
