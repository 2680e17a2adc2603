package io.qbc.persistence;

import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.Arrays;
import java.util.Optional;

/** A store whose writes or syncs wait until the test lets them go, and that may refuse one quant. */
public final class HeldStore extends Wrapped {
    private final Store inner;
    private boolean appendsHeld;
    private boolean syncsHeld;
    private Optional<Reason> fault = Optional.empty();
    private Optional<Hash> refused = Optional.empty();

    public HeldStore(Store inner) {
        super(inner);
        this.inner = inner;
    }

    synchronized void holdAppends() {
        appendsHeld = true;
    }

    public synchronized void holdSyncs() {
        syncsHeld = true;
    }

    public synchronized void release() {
        appendsHeld = false;
        syncsHeld = false;
        notifyAll();
    }

    /** Lets go, and every sync fails from now on. */
    public synchronized void fail(Reason reason) {
        fault = Optional.of(reason);
        release();
    }

    /** A quant that cannot be put into a batch. */
    synchronized void refuse(Optional<Hash> quant) {
        refused = quant;
    }

    @Override
    public void append(Batch batch) {
        pass(true);
        inner.append(((Picky) batch).inner);
    }

    @Override
    public void write(Batch batch) {
        inner.write(((Picky) batch).inner);
    }

    @Override
    public void sync() {
        pass(false);
        super.sync();
    }

    @Override
    public Batch batch() {
        return new Picky(inner.batch());
    }

    private synchronized void pass(boolean append) {
        try {
            while (append ? appendsHeld : syncsHeld) {
                wait();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        if (!append && fault.isPresent()) {
            throw new StoreException(fault.get(), "syncing failed: made so by the test");
        }
    }

    private synchronized boolean refuses(ColumnFamily columnFamily, byte[] key) {
        return columnFamily == ColumnFamily.QUANTS
                && refused.filter(hash ->
                                Arrays.equals(key, StoreKeys.CHAIN_BYTES, key.length, hash.bytes(), 0, Hash.BYTES))
                        .isPresent();
    }

    private final class Picky implements Batch {
        private final Batch inner;

        Picky(Batch inner) {
            this.inner = inner;
        }

        @Override
        public void put(ColumnFamily columnFamily, byte[] key, byte[] value) {
            if (refuses(columnFamily, key)) {
                throw new StoreException(Reason.INTERNAL, "collecting failed: made so by the test");
            }
            inner.put(columnFamily, key, value);
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] key) {
            inner.delete(columnFamily, key);
        }

        @Override
        public void delete(ColumnFamily columnFamily, byte[] from, byte[] end) {
            inner.delete(columnFamily, from, end);
        }

        @Override
        public void close() {
            inner.close();
        }
    }
}
