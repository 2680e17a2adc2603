package io.qbc.persistence;

import io.qbc.model.Reason;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A store whose writes fail from the moment on that a test says. */
final class FaultyStore extends Wrapped {
    final AtomicReference<Optional<Reason>> fault = new AtomicReference<>(Optional.empty());

    FaultyStore(Store inner) {
        super(inner);
    }

    @Override
    public void append(Batch batch) {
        fail();
        super.append(batch);
    }

    @Override
    public void sync() {
        fail();
        super.sync();
    }

    private void fail() {
        fault.get().ifPresent(reason -> {
            throw new StoreException(reason, "writing failed: made so by the test");
        });
    }
}
