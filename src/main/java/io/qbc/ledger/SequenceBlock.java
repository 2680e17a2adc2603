package io.qbc.ledger;

import io.qbc.model.Hash;
import io.qbc.model.LogRange;

/**
 * 64 neighbours of a log, those of them that wait. Plain arrays, as millions of entries wait at times and an object for
 * each would keep the collector busy.
 */
final class SequenceBlock {
    static final int ENTRIES = Long.SIZE;

    /** Holds nothing. */
    static final SequenceBlock NONE = new SequenceBlock(-1, 0);

    private static final int WORDS = Hash.BYTES / Long.BYTES;

    private final long number;
    private final long[] ids;
    private final int[] bytes;
    private final long[] since;
    private long waiting;
    private long quiet;

    private SequenceBlock(long number, int entries) {
        this.number = number;
        ids = new long[entries * WORDS];
        bytes = new int[entries];
        since = new long[entries];
    }

    /** The empty stretch with this number. */
    static SequenceBlock at(long number) {
        return new SequenceBlock(number, ENTRIES);
    }

    /** The number of the stretch to which an entry belongs. */
    static long number(long sequence) {
        return Math.floorDiv(sequence, ENTRIES);
    }

    /** The entry's place in its stretch. */
    static int place(long sequence) {
        return Math.floorMod(sequence, ENTRIES);
    }

    long number() {
        return number;
    }

    /** The places at which something waits, as bits, the first one lowest. */
    long waiting() {
        return waiting;
    }

    /** The places behind this one at which something waits. */
    long waitingFrom(int place) {
        return place >= ENTRIES ? 0 : waiting & (-1L << place);
    }

    long sequence(int place) {
        return number * ENTRIES + place;
    }

    long first() {
        return sequence(Long.numberOfTrailingZeros(waiting));
    }

    long last() {
        return sequence(ENTRIES - 1 - Long.numberOfLeadingZeros(waiting));
    }

    Hash id(int place) {
        int at = place * WORDS;
        return new Hash(ids[at], ids[at + 1], ids[at + 2], ids[at + 3]);
    }

    int bytes(int place) {
        return bytes[place];
    }

    long since(int place) {
        return since[place];
    }

    boolean quiet(int place) {
        return (quiet >>> place & 1) != 0;
    }

    /** Adds an entry; false, and nothing changed, if it waits already. */
    boolean add(int place, Hash id, int size, long when, boolean silent) {
        long bit = 1L << place;
        if ((waiting & bit) != 0) {
            return false;
        }
        int at = place * WORDS;
        ids[at] = id.a();
        ids[at + 1] = id.b();
        ids[at + 2] = id.c();
        ids[at + 3] = id.d();
        bytes[place] = size;
        since[place] = when;
        waiting |= bit;
        quiet = silent ? quiet | bit : quiet & ~bit;
        return true;
    }

    /** The places that wait and are of a run, as bits. */
    long waitingIn(LogRange logRange) {
        long begin = number * ENTRIES;
        int from = (int) Math.min(ENTRIES, Math.max(0, logRange.from() - begin));
        int end = (int) Math.min(ENTRIES, Math.max(0, logRange.end() - begin));
        long behind = end == ENTRIES ? 0 : -1L << end;
        return waitingFrom(from) & ~behind;
    }

    /** Takes these places out. */
    void remove(long places) {
        waiting &= ~places;
    }
}
