package io.qbc.persistence.store;

/** A walk over a space that has nothing. */
record EmptyScan() implements Store.Scan {
    private static final byte[] NOTHING = {};

    @Override
    public void seek(byte[] key) {
        // There is nowhere to go.
    }

    @Override
    public void seekBack(byte[] key) {
        // There is nowhere to go.
    }

    @Override
    public void next() {
        // There is nowhere to go.
    }

    @Override
    public boolean here() {
        return false;
    }

    @Override
    public int key(byte[] into) {
        return 0;
    }

    @Override
    public byte[] value() {
        return NOTHING;
    }

    @Override
    public int value(byte[] into) {
        return 0;
    }

    @Override
    public void close() {
        // Nothing to give back.
    }
}
