package io.qbc.persistence.write;

import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that writes. It puts all that waits into one batch and appends it to the write-ahead log; once the log
 * is synced, everybody is answered whose write was in it, and what comes meanwhile is the next batch. So a sync is
 * shared by all who wait, the batches grow with the load, and nobody is answered before the sync. After a failed write
 * or sync the disk's state is unknown, so nothing is written any more until a restart has read it again.
 */
public final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private final Store store;
    private final int groupBytes;
    private final Inbox<Write> inbox;
    private final Syncer syncer;
    private final Thread thread = new Thread(this::run, "store-writer");

    /**
     * One instance.
     *
     * @param home runs the answers, in order
     */
    public Writer(Store store, NodeConfig.Store limits, Executor home) {
        this.store = store;
        this.groupBytes = limits.groupBytes();
        this.inbox = new Inbox<>(limits.queueBytes());
        this.syncer = new Syncer(store, home);
    }

    public void start() {
        syncer.start();
        thread.start();
    }

    /** Takes a chain's write, or says why not; then nobody else is told. */
    public Optional<Refusal> offer(Write write, int chain) {
        Optional<Refusal> closed = syncer.broken();
        return closed.isPresent() ? closed : inbox.offer(write, write.bytes(), chain);
    }

    /**
     * As {@link #offer}, however much waits: for callers that bound by themselves what they have under way, the ledger
     * to some quants, all others to one change.
     */
    public Optional<Refusal> push(Write write) {
        Optional<Refusal> closed = syncer.broken();
        return closed.isPresent() ? closed : inbox.offer(write, 0, Inbox.NOBODY);
    }

    public boolean writable() {
        return syncer.broken().isEmpty();
    }

    /** Writes what waits and ends; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        inbox.close();
        thread.join(atMost.toMillis());
        return !thread.isAlive();
    }

    private void run() {
        try {
            for (List<Write> writes = inbox.take(groupBytes); !writes.isEmpty(); writes = inbox.take(groupBytes)) {
                write(writes);
            }
            syncer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(List<Write> writes) throws InterruptedException {
        Optional<Refusal> dropped = append(writes);
        if (dropped.isPresent() && writes.size() > 1 && syncer.broken().isEmpty()) {
            // One of them is at fault, and the others are not to suffer for it.
            for (Write write : writes) {
                syncer.settle(new Syncer.Appended(List.of(write), append(List.of(write))));
            }
        } else {
            syncer.settle(new Syncer.Appended(writes, dropped));
        }
    }

    private Optional<Refusal> append(List<Write> writes) {
        if (syncer.broken().isPresent()) {
            return syncer.broken();
        }
        try (Group group = new Group(store)) {
            writes.forEach(write -> write.put(group));
            return syncer.attempt(group::write);
        } catch (StoreException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(e.refusal());
        } catch (RuntimeException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(Reason.INTERNAL.refusal(e.toString()));
        }
    }
}
