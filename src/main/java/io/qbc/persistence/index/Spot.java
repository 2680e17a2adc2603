package io.qbc.persistence.index;

/** A transaction's place in a chain: its quant's height, and its offset among the quant's transactions. */
record Spot(long height, int offset) implements Comparable<Spot> {
    /** Behind all transactions of a quant. */
    static Spot end(long height) {
        return new Spot(height, Integer.MAX_VALUE);
    }

    static Spot begin(long height) {
        return new Spot(height, 0);
    }

    Spot next() {
        return offset == Integer.MAX_VALUE ? begin(height + 1) : new Spot(height, offset + 1);
    }

    Spot previous() {
        return offset == 0 ? end(height - 1) : new Spot(height, offset - 1);
    }

    @Override
    public int compareTo(Spot other) {
        return height == other.height ? Integer.compare(offset, other.offset) : Long.compare(height, other.height);
    }
}
