package io.qbc.persistence.store;

/** A walk over one chain's rows in a space whose keys are chain ‖ number; used by one thread. */
public final class SequenceScan implements AutoCloseable {
    private final Store.Scan scan;
    private final int chain;
    private final byte[] key = new byte[StoreKeys.NUMBERED_BYTES];
    private boolean here;

    public SequenceScan(Store store, ColumnFamily columnFamily, int chain) {
        this(store.scan(columnFamily), chain);
    }

    private SequenceScan(Store.Scan scan, int chain) {
        this.scan = scan;
        this.chain = chain;
    }

    /** A walk forward over many rows that are read once. */
    public static SequenceScan sweep(Store store, ColumnFamily columnFamily, int chain) {
        return new SequenceScan(store.sweep(columnFamily), chain);
    }

    /** Goes to the first row whose number is at least this; false if there is none. */
    public boolean seek(long number) {
        scan.seek(StoreKeys.numbered(chain, number));
        return settle();
    }

    /** Goes to the last row whose number is at most this; false if there is none. */
    public boolean seekBack(long number) {
        scan.seekBack(StoreKeys.numbered(chain, number));
        return settle();
    }

    /** Goes to the chain's last row; false if there is none. */
    public boolean seekLast() {
        return seekBack(-1L);
    }

    public boolean next() {
        scan.next();
        return settle();
    }

    /** Goes to the next row, which is known to be there, without a look at its key until {@link #settle}. */
    public void step() {
        scan.next();
        if (!scan.here()) {
            throw StoreException.corrupt("a row of the chain is not there");
        }
    }

    /** Whether the walk is at a row of the chain. */
    public boolean here() {
        return here;
    }

    public long number() {
        return StoreKeys.number(key, StoreKeys.CHAIN_BYTES);
    }

    public byte[] value() {
        return scan.value();
    }

    public int value(byte[] into) {
        return scan.value(into);
    }

    public int value(byte[] into, int offset) {
        return scan.value(into, offset);
    }

    /** Looks at the key of the row; false if there is none, or it is of another chain. */
    public boolean settle() {
        here = scan.here() && scan.key(key) == key.length && StoreKeys.chain(key) == chain;
        return here;
    }

    @Override
    public void close() {
        scan.close();
    }
}
