package io.qbc.persistence.backup;

import io.qbc.bus.Catalogue.Backup;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.OpenChains;
import io.qbc.persistence.lifecycle.Registry;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreThread;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The backups of a running node, one at a time, each on a thread of its own. */
public final class Backups {
    private static final Logger LOG = LoggerFactory.getLogger(Backups.class);

    private final Path data;
    private final Store store;
    private final OpenChains openChains;
    private final CopiedStore copies;
    private final BackupDirectory directory;
    private final InstantSource clock;
    private final Supplier<Optional<Refusal>> broken;
    private BackupState earlier = BackupState.NONE;
    private Optional<Running> last = Optional.empty();
    private boolean closed;

    /**
     * One instance, for an open data directory.
     *
     * @param broken why nothing is written to the store any more, if so
     */
    public Backups(
            Store store,
            OpenChains openChains,
            Registry registry,
            NodeConfig config,
            InstantSource clock,
            Supplier<Optional<Refusal>> broken) {
        this.data = config.data();
        this.store = store;
        this.openChains = openChains;
        this.copies = new CopiedStore(config.store(), registry::of);
        this.directory = BackupDirectory.of(config);
        this.clock = clock;
        this.broken = broken;
    }

    /** Goes on telling of the last backup of the same directory, until another one is made. */
    public synchronized void follow(Backups before) {
        earlier = before.state();
    }

    /** Deletes what the node left if it ended while it made a backup, and looks for the last one that is complete. */
    public void start() {
        try {
            FileCopy.delete(BackupJob.checkpoint(data));
        } catch (IOException e) {
            LOG.warn("what is left of a backup takes room, and cannot be deleted: {}", e.toString());
        }
        // A directory on another machine may take long.
        StoreThread.of("store-backups", this::look).start();
    }

    private void look() {
        try {
            directory.previous().ifPresent(found -> remember(found.state()));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("it is not known which backups there are: {}", e.toString());
        }
    }

    private synchronized void remember(BackupState found) {
        if (earlier.equals(BackupState.NONE)) {
            earlier = found;
        }
    }

    private record Running(Thread thread, BackupProgress progress) {}

    /** How the last backup fares. */
    public synchronized BackupState state() {
        return last.map(running -> running.progress().state()).orElse(earlier);
    }

    /** Begins one, or says why not. */
    public synchronized BackupState begin(Backup wanted) {
        if (closed) {
            throw new Failure(Reason.STOPPING, "the store is being closed");
        }
        if (last.filter(running -> running.thread().isAlive()).isPresent()) {
            throw new Failure(
                    Reason.BUSY, "the backup " + last.get().progress().state().name() + " is being made");
        }
        // The store writes out what it has in memory before it is copied.
        broken.get().ifPresent(why -> {
            throw new Failure(why.reason().refusal("no backup can be made: " + why.detail()));
        });
        String name = wanted.name().map(directory::name).orElseGet(() -> BackupDirectory.name(clock.instant()));
        check(name);
        BackupProgress progress = new BackupProgress(name, directory.of(name).toString(), clock.millis());
        Thread thread = StoreThread.of("store-backup", () -> run(name, wanted, progress));
        last = Optional.of(new Running(thread, progress));
        thread.start();
        return progress.state();
    }

    private void check(String name) {
        if (!BackupDirectory.isName(name)) {
            throw new Failure(
                    Reason.REQUEST_INVALID,
                    "a backup's name is 1 to 64 letters, digits, '-' and '_'; it is made in " + directory.path()
                            + ", as backup.directory says");
        }
        if (directory.has(name)) {
            throw new Failure(Reason.REQUEST_INVALID, "there is a backup " + name + " already");
        }
        try {
            if (!directory.hasRoom()) {
                throw new Failure(
                        Reason.REQUEST_INVALID,
                        "there are " + directory.max() + " backups with a name in " + directory.path()
                                + "; remove one, or set backup.max higher");
            }
        } catch (IOException e) {
            throw new Failure(refusal(e));
        }
    }

    private void run(String name, Backup wanted, BackupProgress progress) {
        Optional<Refusal> failure = Optional.empty();
        try {
            new BackupJob(data, store, openChains, copies, directory, progress)
                    .run(name, wanted.withKey(), wanted.whole(), clock.millis());
            LOG.info("the backup {} is complete and checked", directory.of(name));
        } catch (BackupProgress.Stopped e) {
            failure = Optional.of(Reason.STOPPING.refusal(String.valueOf(e.getMessage())));
            LOG.warn("the backup {} was given up, since the store is being closed", directory.of(name));
        } catch (StoreException e) {
            failure = Optional.of(e.refusal());
        } catch (IOException e) {
            failure = Optional.of(refusal(e));
        } catch (RuntimeException e) {
            failure = Optional.of(Reason.INTERNAL.refusal(e.toString()));
            LOG.error("a fault while a backup was made", e);
        }
        failure.ifPresent(why -> LOG.error("the backup {} failed: {}", directory.of(name), why.detail()));
        progress.end(failure, clock.millis());
    }

    private static Refusal refusal(IOException e) {
        boolean full = String.valueOf(e.getMessage()).contains("No space left");
        return (full ? Reason.STORE_FULL : Reason.INTERNAL)
                .refusal("the backup cannot be written: " + e + "; see to it that the node may write to"
                        + " backup.directory, and that there is room");
    }

    /** Gives up what is being made; false if that takes longer. */
    public boolean close(Duration atMost) throws InterruptedException {
        Optional<Running> running;
        synchronized (this) {
            closed = true;
            running = last;
        }
        if (running.isEmpty()) {
            return true;
        }
        running.get().progress().stop();
        running.get().thread().join(atMost.toMillis());
        return !running.get().thread().isAlive();
    }
}
