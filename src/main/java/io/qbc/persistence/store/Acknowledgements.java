package io.qbc.persistence.store;

import io.qbc.model.Reason;
import io.qbc.persistence.store.Acknowledgement.State;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps how far the writes of an open store were acknowledged. Each acknowledgement is one write into the page cache,
 * which survives the end of the process; once a second a thread forces the last one to the disk, with the state of the
 * store's files.
 */
final class Acknowledgements {
    private static final Logger LOG = LoggerFactory.getLogger(Acknowledgements.class);
    private static final long PERIOD_MILLIS = 1000;

    private final StoreFiles files;
    private final AcknowledgementFile file;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(work -> StoreThread.of("store-acknowledgements", work));
    private Optional<ScheduledFuture<?>> ticks = Optional.empty();
    private Acknowledgement last;
    private long groups;
    /** Sizes that were seen, and the group up to which there must be a sync for them to be on the disk. */
    private SortedMap<Long, Long> seen = new TreeMap<>();

    private long seenGroup;

    private Acknowledgements(StoreFiles files, AcknowledgementFile file, Acknowledgement last) {
        this.files = files;
        this.file = file;
        this.last = last;
        this.groups = last.groups();
    }

    /** Goes on where a store stands that has been opened to be written, with as many groups as were acknowledged. */
    static Acknowledgements open(Path directory, Acknowledgement last) throws IOException {
        Acknowledgements acknowledgements = new Acknowledgements(
                new StoreFiles(directory),
                AcknowledgementFile.open(AcknowledgementFile.of(directory)),
                last.in(State.OPEN));
        acknowledgements.settle(true);
        // Both, so that no older state is in effect if one of them is damaged.
        acknowledgements.write();
        return acknowledgements;
    }

    /**
     * Begins to force what is written.
     *
     * @param begun tells the last group of which anything may be in a file
     */
    void start(LongSupplier begun) {
        ticks = Optional.of(
                thread.scheduleWithFixedDelay(() -> tick(begun), PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Notes that all groups up to this one are synced; before those who wait for them are told. */
    synchronized void acknowledge(long group) {
        if (group > groups) {
            groups = group;
            try {
                file.advance(group);
            } catch (IOException e) {
                throw new StoreException(
                        Reason.STORE_READ_ONLY, "what was acknowledged cannot be kept beside the store: " + e, e);
            }
        }
    }

    private void tick(LongSupplier begun) {
        try {
            settle(false);
            see(begun);
            file.force();
        } catch (IOException | RuntimeException e) {
            LOG.warn("what was acknowledged cannot be made safe from a power cut: {}", e.toString());
        }
    }

    /** Writes the state of the files if it has changed. */
    private void settle(boolean always) throws IOException {
        long manifest =
                files.manifestInUse().orElseThrow(() -> new IOException(files.current() + " names no manifest"));
        Path manifestFile = files.manifest(manifest);
        long bytes = StoreFiles.size(manifestFile).orElse(0L);
        Acknowledgement before = last();
        boolean grown = manifest != before.manifest() || bytes != before.manifestBytes();
        if (grown) {
            try (FileChannel channel = FileChannel.open(manifestFile, StandardOpenOption.READ)) {
                channel.force(true);
            }
        }
        synchronized (this) {
            SortedMap<Long, Long> synced = groups >= seenGroup ? seen : last.logs();
            boolean moved = !synced.equals(last.logs());
            last = last.withManifest(manifest, bytes).withLogs(synced);
            if (grown || moved || always) {
                write();
            }
        }
    }

    private synchronized Acknowledgement last() {
        return last;
    }

    /** Sizes are certain once all is synced that may have been in a file when they were seen. */
    private void see(LongSupplier begun) throws IOException {
        synchronized (this) {
            if (groups < seenGroup || begun.getAsLong() == seenGroup) {
                return;
            }
        }
        SortedMap<Long, Long> sizes = files.logs();
        synchronized (this) {
            seen = sizes;
            seenGroup = begun.getAsLong();
        }
    }

    private synchronized void write() throws IOException {
        last = last.upTo(groups);
        file.write(last);
    }

    /**
     * Writes the last state, after the store and the thread have ended.
     *
     * @param flushed whether all writes are in tables
     */
    void close(boolean flushed) {
        try (file) {
            if (flushed) {
                synchronized (this) {
                    last = last.in(State.CLOSED);
                    seen = new TreeMap<>();
                    seenGroup = 0;
                }
            }
            settle(true);
            synchronized (this) {
                write();
            }
            file.force();
        } catch (IOException e) {
            LOG.warn("what was acknowledged cannot be made safe from a power cut: {}", e.toString());
        }
    }

    /** Ends the thread. */
    void stop() {
        ticks.ifPresent(tick -> tick.cancel(false));
        thread.shutdown();
        try {
            if (!thread.awaitTermination(PERIOD_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("the thread of the acknowledgements still works");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
