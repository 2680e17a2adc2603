package io.qbc.persistence.store;

import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;

/** A walk over a space of the RocksDB store. */
record RocksScan(RocksIterator iterator) implements Store.Scan {
    @Override
    public void seek(byte[] key) {
        iterator.seek(key);
    }

    @Override
    public void seekBack(byte[] key) {
        iterator.seekForPrev(key);
    }

    @Override
    public void next() {
        iterator.next();
    }

    @Override
    public boolean here() {
        if (iterator.isValid()) {
            return true;
        }
        try {
            iterator.status();
            return false;
        } catch (RocksDBException e) {
            throw RocksStore.unreadable(e);
        }
    }

    @Override
    public int key(byte[] into) {
        return iterator.key(into);
    }

    @Override
    public byte[] value() {
        return iterator.value();
    }

    @Override
    public int value(byte[] into) {
        return iterator.value(into);
    }

    @Override
    public int value(byte[] into, int offset) {
        return iterator.value(into, offset, into.length - offset);
    }

    @Override
    public void close() {
        iterator.close();
    }
}
