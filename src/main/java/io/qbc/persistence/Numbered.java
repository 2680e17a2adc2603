package io.qbc.persistence;

/** A walk over one chain's rows in a space whose keys are chain ‖ number; used by one thread. */
final class Numbered implements AutoCloseable {
    private final Store.Scan scan;
    private final int chain;
    private final byte[] key = new byte[Keys.NUMBERED_BYTES];
    private boolean here;

    Numbered(Store store, Space space, int chain) {
        this(store.scan(space), chain);
    }

    private Numbered(Store.Scan scan, int chain) {
        this.scan = scan;
        this.chain = chain;
    }

    /** A walk forward over many rows that are read once. */
    static Numbered sweep(Store store, Space space, int chain) {
        return new Numbered(store.sweep(space), chain);
    }

    /** Goes to the first row whose number is at least this; false if there is none. */
    boolean seek(long number) {
        scan.seek(Keys.numbered(chain, number));
        return settle();
    }

    /** Goes to the last row whose number is at most this; false if there is none. */
    boolean seekBack(long number) {
        scan.seekBack(Keys.numbered(chain, number));
        return settle();
    }

    /** Goes to the chain's last row; false if there is none. */
    boolean seekLast() {
        return seekBack(-1L);
    }

    boolean next() {
        scan.next();
        return settle();
    }

    /** Goes to the next row, which is known to be there, without a look at its key until {@link #settle}. */
    void step() {
        scan.next();
        if (!scan.here()) {
            throw StoreException.corrupt("a row of the chain is not there");
        }
    }

    /** Whether the walk is at a row of the chain. */
    boolean here() {
        return here;
    }

    long number() {
        return Keys.number(key, Keys.CHAIN_BYTES);
    }

    byte[] value() {
        return scan.value();
    }

    int value(byte[] into) {
        return scan.value(into);
    }

    int value(byte[] into, int offset) {
        return scan.value(into, offset);
    }

    /** Looks at the key of the row; false if there is none, or it is of another chain. */
    boolean settle() {
        here = scan.here() && scan.key(key) == key.length && Keys.chain(key) == chain;
        return here;
    }

    @Override
    public void close() {
        scan.close();
    }
}
