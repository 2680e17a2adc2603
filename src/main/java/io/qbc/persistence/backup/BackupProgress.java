package io.qbc.persistence.backup;

import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.model.Refusal;
import java.util.Optional;

/** The progress of one backup, which its thread tells and others ask for. */
final class BackupProgress {
    private volatile BackupState state;
    private volatile long total;
    private volatile boolean stopped;

    BackupProgress(String name, String path, long now) {
        state = new BackupState(BackupStep.COPYING, name, path, 0, 0, 0, now, Optional.empty(), Optional.empty());
    }

    /** The store is closed, and the backup ends with that. */
    static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the store was closed before the backup was complete; make it again");
        }
    }

    BackupState state() {
        return state;
    }

    void stop() {
        stopped = true;
    }

    void requireOpen() {
        if (stopped) {
            throw new Stopped();
        }
    }

    /** Begins to read so many bytes. */
    void begin(BackupStep step, long bytes) {
        BackupState now = state;
        total = Math.max(total, bytes);
        set(now, step, 0, bytes, now.shared());
    }

    void step(BackupStep step) {
        begin(step, 0);
    }

    void read(long bytes) {
        requireOpen();
        BackupState now = state;
        set(now, now.step(), now.done() + bytes, now.bytes(), now.shared());
    }

    void shared(long bytes) {
        BackupState now = state;
        set(now, now.step(), now.done(), now.bytes(), now.shared() + bytes);
    }

    void end(Optional<Refusal> failure, long now) {
        BackupState before = state;
        state = new BackupState(
                failure.isPresent() ? BackupStep.FAILED : BackupStep.DONE,
                before.name(),
                before.path(),
                failure.isPresent() ? before.done() : total,
                failure.isPresent() ? before.bytes() : total,
                before.shared(),
                before.startedAt(),
                Optional.of(now),
                failure);
    }

    private void set(BackupState now, BackupStep step, long done, long bytes, long shared) {
        state = new BackupState(
                step, now.name(), now.path(), done, bytes, shared, now.startedAt(), Optional.empty(), Optional.empty());
    }
}
