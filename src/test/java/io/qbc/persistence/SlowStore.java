package io.qbc.persistence;

import io.qbc.persistence.store.Store;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A store whose disk takes its time. */
final class SlowStore extends Wrapped {
    SlowStore(Store inner) {
        super(inner);
    }

    @Override
    public void sync() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        super.sync();
    }
}
