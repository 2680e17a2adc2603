package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It puts all that waits into one batch, appends it to the write-ahead log, syncs the log,
 * and then answers everybody whose write was in it; what comes meanwhile is the next batch. So a sync is shared by all
 * who wait, the batches grow with the load, and nobody is answered before the sync. After a failed write or sync the
 * disk's state is unknown, so nothing is written any more until a restart has read it again.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private final Store store;
    private final Executor home;
    private final int groupBytes;
    private final Inbox<Write> inbox;
    private final Thread thread = new Thread(this::run, "store-writer");
    private volatile Optional<Refusal> broken = Optional.empty();

    /** @param home runs the answers, in order */
    Writer(Store store, NodeConfig.Store limits, Executor home) {
        this.store = store;
        this.home = home;
        this.groupBytes = limits.groupBytes();
        this.inbox = new Inbox<>(limits.queueBytes());
    }

    void start() {
        thread.start();
    }

    /** Takes a chain's write, or says why not; then nobody else is told. */
    Optional<Refusal> offer(Write write, int chain) {
        Optional<Refusal> closed = broken;
        return closed.isPresent() ? closed : inbox.offer(write, write.bytes(), chain);
    }

    /**
     * As {@link #offer}, however much waits: for callers that bound by themselves what they have under way, the ledger
     * to some quants, all others to one change.
     */
    Optional<Refusal> push(Write write) {
        Optional<Refusal> closed = broken;
        return closed.isPresent() ? closed : inbox.offer(write, 0, Inbox.NOBODY);
    }

    boolean writable() {
        return broken.isEmpty();
    }

    /** Writes what waits and ends; false if that takes longer. */
    boolean close(Duration atMost) throws InterruptedException {
        inbox.close();
        thread.join(atMost.toMillis());
        return !thread.isAlive();
    }

    private void run() {
        try {
            for (List<Write> writes = inbox.take(groupBytes); !writes.isEmpty(); writes = inbox.take(groupBytes)) {
                write(writes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Write> writes) {
        Optional<Refusal> refusal = append(writes);
        if (refusal.isPresent() && writes.size() > 1 && broken.isEmpty()) {
            // One of them is at fault, and the others are not to suffer for it.
            writes.forEach(write -> sync(List.of(write), append(List.of(write))));
        } else {
            sync(writes, refusal);
        }
    }

    private Optional<Refusal> append(List<Write> writes) {
        if (broken.isPresent()) {
            return broken;
        }
        try (Group group = new Group(store)) {
            writes.forEach(write -> write.put(group));
            guarded(group::write);
            return broken;
        } catch (StoreException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(e.refusal());
        } catch (RuntimeException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(Reason.INTERNAL.refusal(e.toString()));
        }
    }

    /** Syncs what was appended and tells those who wait; what was not synced is refused. */
    private void sync(List<Write> writes, Optional<Refusal> dropped) {
        if (dropped.isEmpty()) {
            guarded(store::sync);
        }
        Optional<Refusal> refusal = dropped.or(() -> broken);
        writes.forEach(write -> write.settled(refusal));
        home.execute(() -> writes.forEach(write -> write.answer(refusal)));
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            boolean full = e instanceof StoreException fault && fault.refusal().reason() == Reason.STORE_FULL;
            broken = Optional.of((full ? Reason.STORE_FULL : Reason.STORE_READ_ONLY)
                    .refusal("a write failed; the store takes no more until the node is started again"));
            LOG.error("a write failed; the store is read-only until the node is started again", e);
        }
    }
}
