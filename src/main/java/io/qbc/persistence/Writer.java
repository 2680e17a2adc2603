package io.qbc.persistence;

import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two threads that write. One puts all that waits into one batch and appends it to the write-ahead log; the other
 * syncs the log and then answers everybody whose batch was appended before, while the first goes on. So a sync is
 * shared by all who wait, and nobody is answered before it. After a failed write or sync the disk's state is unknown,
 * so nothing is written any more until a restart has read it again.
 */
final class Writer {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    /** Groups that are appended and wait for a sync; more would only make answers later. */
    private static final int UNSYNCED_MAX = 16;

    private final Store store;
    private final Executor home;
    private final int groupBytes;
    private final Inbox<Write> inbox;
    private final Inbox<Appended> appended = new Inbox<>(UNSYNCED_MAX);
    private final Thread writer = new Thread(this::append, "store-writer");
    private final Thread syncer = new Thread(this::sync, "store-syncer");
    private volatile Optional<Refusal> broken = Optional.empty();

    /** Writes of one batch, and why it was dropped if it was. */
    private record Appended(List<Write> writes, Optional<Refusal> refusal) {}

    /** @param home runs the answers, in order */
    Writer(Store store, NodeConfig.Store limits, Executor home) {
        this.store = store;
        this.home = home;
        this.groupBytes = limits.groupBytes();
        this.inbox = new Inbox<>(limits.queueBytes());
    }

    void start() {
        writer.start();
        syncer.start();
    }

    /** Takes a chain's write, or says why not; then nobody else is told. */
    Optional<Refusal> offer(Write write, int chain) {
        Optional<Refusal> closed = broken;
        return closed.isPresent() ? closed : inbox.offer(write, write.bytes(), chain);
    }

    /** As {@link #offer}, however much waits: for one caller that itself waits for each of its writes. */
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
        writer.join(atMost.toMillis());
        syncer.join(atMost.toMillis());
        return !writer.isAlive() && !syncer.isAlive();
    }

    private void append() {
        try {
            for (List<Write> writes = inbox.take(groupBytes); !writes.isEmpty(); writes = inbox.take(groupBytes)) {
                Optional<Refusal> refusal = append(writes);
                if (refusal.isPresent() && writes.size() > 1 && broken.isEmpty()) {
                    // One of them is at fault, and the others are not to suffer for it.
                    for (Write write : writes) {
                        appended.put(new Appended(List.of(write), append(List.of(write))), 1);
                    }
                } else {
                    appended.put(new Appended(writes, refusal), 1);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            appended.close();
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

    private void sync() {
        try {
            for (List<Appended> all = appended.take(UNSYNCED_MAX); !all.isEmpty(); all = appended.take(UNSYNCED_MAX)) {
                if (broken.isEmpty()) {
                    guarded(store::sync);
                }
                settle(all, broken);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Tells those who wait; what was not synced is refused, whatever became of its batch. */
    private void settle(List<Appended> groups, Optional<Refusal> unsynced) {
        List<Runnable> answers = new ArrayList<>();
        for (Appended group : groups) {
            Optional<Refusal> refusal = group.refusal().or(() -> unsynced);
            for (Write write : group.writes()) {
                write.settled(refusal);
                answers.add(() -> write.answer(refusal));
            }
        }
        home.execute(() -> answers.forEach(Runnable::run));
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
