package io.qbc.persistence;

import io.qbc.persistence.store.Space;
import io.qbc.persistence.store.Store;
import java.util.List;
import java.util.Optional;

/** A store that passes everything on, to be made faulty by a test. */
public abstract class Wrapped implements Store {
    private final Store inner;

    public Wrapped(Store inner) {
        this.inner = inner;
    }

    @Override
    public Optional<byte[]> get(Space space, byte[] key) {
        return inner.get(space, key);
    }

    @Override
    public List<byte[]> gets(Space space, List<byte[]> keys) {
        return inner.gets(space, keys);
    }

    @Override
    public Scan scan(Space space) {
        return inner.scan(space);
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
    public void check() {
        inner.check();
    }

    @Override
    public void close() {
        inner.close();
    }
}
