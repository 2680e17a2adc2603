package io.qbc.persistence.write;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Syncs what the writer appended, and then tells those who wait for it, in the order of the appending. A small group is
 * synced by the writer itself, as long as none is before it: to hand it over would take longer. A large one goes to a
 * thread of its own, and the writer appends the next meanwhile; one may wait behind the one that is being synced.
 */
final class Syncer {
    private static final Logger LOG = LoggerFactory.getLogger(Syncer.class);
    private static final long LARGE_BYTES = 64 * 1024;

    private final Store store;
    private final Executor home;
    private final Thread thread = new Thread(this::run, "store-syncer");
    private Optional<Appended> waiting = Optional.empty();
    private boolean syncing;
    private boolean closed;
    private volatile Optional<Refusal> broken = Optional.empty();

    /** @param home runs the answers, in order */
    Syncer(Store store, Executor home) {
        this.store = store;
        this.home = home;
    }

    /**
     * Writes that were appended together.
     *
     * @param dropped why they were not, if so
     */
    record Appended(List<Write> writes, Optional<Refusal> dropped) {
        boolean large() {
            return writes.stream().mapToLong(Write::bytes).sum() >= LARGE_BYTES;
        }
    }

    void start() {
        thread.start();
    }

    /** Why nothing is written any more, after a write or a sync has failed. */
    Optional<Refusal> broken() {
        return broken;
    }

    /** Does a step after whose failure nothing more may be written, and says so. */
    Optional<Refusal> attempt(Runnable step) {
        try {
            step.run();
            return Optional.empty();
        } catch (RuntimeException e) {
            boolean full = e instanceof StoreException fault && fault.refusal().reason() == Reason.STORE_FULL;
            Optional<Refusal> refusal = Optional.of((full ? Reason.STORE_FULL : Reason.STORE_READ_ONLY)
                    .refusal("a write failed; the store takes no more until the node is started again"));
            broken = refusal;
            LOG.error("a write failed; the store is read-only until the node is started again", e);
            return refusal;
        }
    }

    /** Takes the next group from the writer, and lets it go on as soon as it may append another. */
    void settle(Appended group) throws InterruptedException {
        if (!handed(group)) {
            finish(group);
        }
    }

    private synchronized boolean handed(Appended group) throws InterruptedException {
        if (waiting.isEmpty() && !syncing && !group.large()) {
            return false;
        }
        while (waiting.isPresent()) {
            wait();
        }
        waiting = Optional.of(group);
        notifyAll();
        return true;
    }

    /** Finishes what was handed over and ends; by the writer, at its own end. */
    void close() throws InterruptedException {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        thread.join();
    }

    private void run() {
        try {
            for (Optional<Appended> group = next(); group.isPresent(); group = next()) {
                finish(group.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized Optional<Appended> next() throws InterruptedException {
        syncing = false;
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        Optional<Appended> group = waiting;
        waiting = Optional.empty();
        syncing = group.isPresent();
        notifyAll();
        return group;
    }

    /** Once broken, there is no second attempt: a sync that works after one that failed proves nothing. */
    private void finish(Appended group) {
        Optional<Refusal> refusal = group.dropped().or(() -> broken).or(() -> attempt(store::sync));
        // What was synced stays so whatever fails here, but nothing more may build on what is in memory then.
        attempt(() -> group.writes().forEach(write -> write.settled(refusal)));
        home.execute(() -> group.writes().forEach(write -> write.answer(refusal)));
    }
}
