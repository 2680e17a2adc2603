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
    private final FreeSpace freeSpace;
    private final Inbox<Write> inbox;
    private final GroupWriter groupWriter;
    private final Syncer syncer;
    private final Thread thread = new Thread(this::run, "store-writer");

    /**
     * One instance.
     *
     * @param context runs the answers, in order
     */
    public Writer(Store store, NodeConfig.Store limits, FreeSpace freeSpace, Executor context) {
        this.freeSpace = freeSpace;
        this.groupBytes = limits.groupBytes();
        this.inbox = new Inbox<>(limits.queueBytes());
        this.groupWriter = new GroupWriter(store, context);
        this.syncer = new Syncer(groupWriter);
    }

    /** Refuses all writes, as the store is open for reading only; before the start. */
    public void shut(Refusal refusal) {
        groupWriter.shut(refusal);
    }

    public void start() {
        syncer.start();
        thread.start();
    }

    /** Takes a chain's write, or says why not; then nobody else is told. */
    public Optional<Refusal> offer(Write write, int chain) {
        Optional<Refusal> refused = refusal();
        return refused.isPresent() ? refused : inbox.offer(write, write.bytes(), chain);
    }

    @Override
    public Optional<Refusal> push(Write write) {
        // Whatever the disk has left: what waits for this is bounded, and may be what makes room.
        Optional<Refusal> broken = broken();
        return broken.isPresent() ? broken : inbox.offer(write, 0, Inbox.NOBODY);
    }

    @Override
    public Optional<Refusal> refusal() {
        return broken().or(freeSpace::refusal);
    }

    /** Why nothing at all is written any more, if so. */
    public Optional<Refusal> broken() {
        return groupWriter.refusal();
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
                freeSpace.wrote(writes.stream().mapToLong(Write::bytes).sum());
            }
            syncer.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
