package io.qbc.ledger;

import io.qbc.model.Hash;
import io.qbc.model.LogRange;
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
    private final TreeMap<Long, SequenceBlock> stretches = new TreeMap<>();
    /** The last one that was added to, as most entries come one after the other. */
    private SequenceBlock latest = SequenceBlock.NONE;

    private int count;
    private long bytes;
    private int reservedCount;
    private long reservedBytes;
    private boolean filling;

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

    /** One waiting transaction: place in the log, id, encoded size, and its timestamp in milliseconds. */
    public record Entry(long sequence, Hash id, int bytes, long timestamp) {}

    /** What a quant can take: ids in order, where they are in the log, and their bytes together. */
    public record Batch(List<Hash> ids, List<LogRange> logRanges, long bytes) {
        public Batch {
            ids = List.copyOf(ids);
            logRanges = List.copyOf(logRanges);
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
        long number = SequenceBlock.number(sequence);
        if (latest.number() != number) {
            latest = stretches.computeIfAbsent(number, SequenceBlock::at);
        }
        if (latest.add(SequenceBlock.place(sequence), id, size, since, quiet)) {
            count++;
            bytes += size;
        }
    }

    /** Takes out the entries of a run that wait, those that do not are passed over. */
    public void remove(LogRange logRange) {
        if (logRange.count() == 0) {
            return;
        }
        long from = SequenceBlock.number(logRange.from());
        long to = SequenceBlock.number(logRange.end() - 1);
        Iterator<SequenceBlock> each =
                stretches.subMap(from, true, to, true).values().iterator();
        while (each.hasNext()) {
            SequenceBlock sequenceBlock = each.next();
            long gone = sequenceBlock.waitingIn(logRange);
            count -= Long.bitCount(gone);
            for (long left = gone; left != 0; left &= left - 1) {
                bytes -= sequenceBlock.bytes(Long.numberOfTrailingZeros(left));
            }
            sequenceBlock.remove(gone);
            if (sequenceBlock.waiting() == 0) {
                each.remove();
                latest = SequenceBlock.NONE;
            }
        }
    }

    /** Takes everything out, as it is to be filled from the store in the log's order; see {@link #filled}. */
    public void refill() {
        filling = true;
        stretches.clear();
        latest = SequenceBlock.NONE;
        count = 0;
        bytes = 0;
    }

    /** What waits is there, so that it may be announced; else somebody would be told that nothing came before it. */
    public void filled() {
        filling = false;
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
                .map(sequenceBlock -> sequenceBlock.since(SequenceBlock.place(sequenceBlock.first())));
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
        for (SequenceBlock sequenceBlock : stretches.values()) {
            for (long left = sequenceBlock.waiting(); left != 0; left &= left - 1) {
                if (!gathering.take(sequenceBlock, Long.numberOfTrailingZeros(left))) {
                    return gathering.batch();
                }
            }
        }
        return gathering.batch();
    }

    /** Ids of entries after a sequence number that may be announced; none while the pool is being filled. */
    public News after(long sequence, int countMax) {
        List<Hash> ids = new ArrayList<>();
        if (filling) {
            return new News(ids, sequence);
        }
        long upTo = sequence;
        long from = sequence + 1;
        for (SequenceBlock sequenceBlock :
                stretches.tailMap(SequenceBlock.number(from), true).values()) {
            int begin = sequenceBlock.number() == SequenceBlock.number(from) ? SequenceBlock.place(from) : 0;
            for (long left = sequenceBlock.waitingFrom(begin); left != 0; left &= left - 1) {
                if (ids.size() == countMax) {
                    return new News(ids, upTo);
                }
                int place = Long.numberOfTrailingZeros(left);
                upTo = sequenceBlock.sequence(place);
                if (!sequenceBlock.quiet(place)) {
                    ids.add(sequenceBlock.id(place));
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
        private final List<LogRange> logRanges = new ArrayList<>();
        private long from;
        private long end;
        private long size;

        Gathering(int countMax, long sizeMax) {
            this.countMax = countMax;
            this.sizeMax = sizeMax;
            this.ids = new ArrayList<>(countMax);
        }

        /** Takes the next entry; false if it is one too many. */
        boolean take(SequenceBlock sequenceBlock, int place) {
            int bytes = sequenceBlock.bytes(place);
            if (ids.size() == countMax || (!ids.isEmpty() && size + bytes > sizeMax)) {
                return false;
            }
            long sequence = sequenceBlock.sequence(place);
            if (sequence != end || ids.isEmpty()) {
                flush();
                from = sequence;
            }
            end = sequence + 1;
            ids.add(sequenceBlock.id(place));
            size += bytes;
            return true;
        }

        Batch batch() {
            flush();
            return new Batch(ids, logRanges, size);
        }

        private void flush() {
            if (end > from) {
                logRanges.add(new LogRange(from, (int) (end - from)));
            }
        }
    }
}
