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
 * The one thread that writes. All that waits goes into one batch with one sync. After a failed write or sync the disk's
 * state is unknown, so nothing is written any more until a restart has read it again.
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

    /** Takes a write, or says why not; then nobody else is told. */
    Optional<Refusal> offer(Write write) {
        Optional<Refusal> closed = broken;
        return closed.isPresent() ? closed : inbox.offer(write, write.bytes());
    }

    /** As {@link #offer}, however much waits: for one caller that itself waits for each of its writes. */
    Optional<Refusal> push(Write write) {
        Optional<Refusal> closed = broken;
        return closed.isPresent() ? closed : inbox.offer(write, 0);
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
            for (List<Write> group = inbox.take(groupBytes); !group.isEmpty(); group = inbox.take(groupBytes)) {
                Optional<Refusal> refusal = commit(group);
                if (refusal.isPresent() && group.size() > 1 && broken.isEmpty()) {
                    // One of them is at fault, and the others are not to suffer for it.
                    group.forEach(write -> settle(List.of(write), commit(List.of(write))));
                } else {
                    settle(group, refusal);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void settle(List<Write> writes, Optional<Refusal> refusal) {
        writes.forEach(write -> write.settled(refusal));
        home.execute(() -> writes.forEach(write -> write.answer(refusal)));
    }

    private Optional<Refusal> commit(List<Write> writes) {
        if (broken.isPresent()) {
            return broken;
        }
        try (Group group = new Group(store)) {
            writes.forEach(write -> write.put(group));
            sync(group);
            return broken;
        } catch (StoreException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(e.refusal());
        } catch (RuntimeException e) {
            LOG.error("a group of {} writes was dropped", writes.size(), e);
            return Optional.of(Reason.INTERNAL.refusal(e.toString()));
        }
    }

    private void sync(Group group) {
        try {
            group.write();
        } catch (RuntimeException e) {
            boolean full = e instanceof StoreException fault && fault.refusal().reason() == Reason.STORE_FULL;
            broken = Optional.of((full ? Reason.STORE_FULL : Reason.STORE_READ_ONLY)
                    .refusal("a write failed; the store takes no more until the node is started again"));
            LOG.error("a write failed; the store is read-only until the node is started again", e);
        }
    }
}
