package io.qbc.persistence;

import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A store that passes everything on, to be made faulty by a test. */
public abstract class Wrapped implements Store {
    private final Store inner;

    public Wrapped(Store inner) {
        this.inner = inner;
    }

    @Override
    public Optional<byte[]> get(ColumnFamily columnFamily, byte[] key) {
        return inner.get(columnFamily, key);
    }

    @Override
    public List<byte[]> gets(ColumnFamily columnFamily, List<byte[]> keys) {
        return inner.gets(columnFamily, keys);
    }

    @Override
    public Scan scan(ColumnFamily columnFamily) {
        return inner.scan(columnFamily);
    }

    @Override
    public Batch batch() {
        return inner.batch();
    }

    @Override
    public void write(Batch batch) {
        inner.write(batch);
    }

    @Override
    public void append(Batch batch) {
        inner.append(batch);
    }

    @Override
    public void sync() {
        inner.sync();
    }

    @Override
    public void checkpoint(Path directory) {
        inner.checkpoint(directory);
    }

    @Override
    public void check(Runnable between) {
        inner.check(between);
    }

    @Override
    public void close() {
        inner.close();
    }
}
