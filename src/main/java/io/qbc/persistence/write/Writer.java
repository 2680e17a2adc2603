package io.qbc.persistence.write;

import io.qbc.config.NodeConfig;
import io.qbc.model.Refusal;
import io.qbc.persistence.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/**
 * The one thread that writes. All that waits goes into one group, and what comes meanwhile is the next one. So a sync
 * is shared by all who wait, the groups grow with the load, and nobody is answered before the sync.
 */
public final class Writer implements WritePort {
    private final int groupBytes;
    private final Inbox<Write> inbox;
    private final GroupWriter groupWriter;
    private final Syncer syncer;
    private final Thread thread = new Thread(this::run, "store-writer");

    /**
     * One instance.
     *
     * @param context runs the answers, in order
     */
    public Writer(Store store, NodeConfig.Store limits, Executor context) {
        this.groupBytes = limits.groupBytes();
        this.inbox = new Inbox<>(limits.queueBytes());
        this.groupWriter = new GroupWriter(store, context);
        this.syncer = new Syncer(groupWriter);
    }

    public void start() {
        syncer.start();
        thread.start();
    }

    /** Takes a chain's write, or says why not; then nobody else is told. */
    public Optional<Refusal> offer(Write write, int chain) {
        Optional<Refusal> broken = groupWriter.broken();
        return broken.isPresent() ? broken : inbox.offer(write, write.bytes(), chain);
    }

    @Override
    public Optional<Refusal> push(Write write) {
        Optional<Refusal> broken = groupWriter.broken();
        return broken.isPresent() ? broken : inbox.offer(write, 0, Inbox.NOBODY);
    }

    @Override
    public boolean writable() {
        return groupWriter.writable();
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
                groupWriter.append(writes, syncer::finish);
            }
            syncer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
