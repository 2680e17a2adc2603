package io.qbc.persistence.write;

import io.qbc.persistence.write.GroupWriter.Appended;
import java.util.Optional;

/**
 * The thread that finishes large groups. A small group is finished by the writer itself, as long as none is before it:
 * to hand it over would take longer. A large one goes to this thread, and the writer appends the next meanwhile; one
 * may wait behind the one that is being synced.
 */
final class Syncer {
    private static final long LARGE_BYTES = 64 * 1024;

    private final GroupWriter groupWriter;
    private final Thread thread = new Thread(this::run, "store-syncer");
    private Optional<Appended> waiting = Optional.empty();
    private boolean syncing;
    private boolean closed;

    Syncer(GroupWriter groupWriter) {
        this.groupWriter = groupWriter;
    }

    void start() {
        thread.start();
    }

    /** Takes the next group from the writer, and lets it go on as soon as it may append another. */
    void finish(Appended group) throws InterruptedException {
        if (!handed(group)) {
            groupWriter.finish(group);
        }
    }

    private synchronized boolean handed(Appended group) throws InterruptedException {
        if (waiting.isEmpty() && !syncing && group.bytes() < LARGE_BYTES) {
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
                groupWriter.finish(group.get());
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
}
