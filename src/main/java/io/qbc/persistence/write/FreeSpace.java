package io.qbc.persistence.write;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reserve of free space on the disk of the data directory: below it nothing is taken that makes the store grow, so
 * that in the usual case no write ever meets a full disk. What takes data away is still written.
 */
public final class FreeSpace {
    /** What a disk has of which nobody can say how much is free. */
    public static final long UNKNOWN_BYTES = Long.MAX_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(FreeSpace.class);
    /** After so much was written it is looked again, between two looks by the clock. */
    private static final long LOOK_BYTES = 4L << 20;
    /** The least that a store needs to be opened for writing. */
    private static final long ROOM_BYTES_MIN = 1L << 20;

    private static final long MIB = 1L << 20;

    private final LongSupplier usableBytes;
    private final long reserveBytes;
    private volatile long freeBytes = UNKNOWN_BYTES;
    private volatile boolean low;
    private long writtenBytes;

    /** @param usableBytes tells how much is free; {@link #UNKNOWN_BYTES} if that cannot be said */
    public FreeSpace(LongSupplier usableBytes, long reserveBytes) {
        this.usableBytes = usableBytes;
        this.reserveBytes = reserveBytes;
    }

    /** The free space of the disk that has a directory, or will have it. */
    public static LongSupplier of(Path directory) {
        return new Disk(directory);
    }

    /** Looks how much is free; may block. */
    public synchronized void look() {
        freeBytes = usableBytes.getAsLong();
        boolean now = freeBytes < (low ? enoughBytes() : reserveBytes);
        if (now && !low) {
            LOG.warn("no writes are taken: {}", detail());
        } else if (low && !now) {
            LOG.info("writes are taken again, {} MiB are free", freeBytes / MIB);
        }
        low = now;
    }

    /** Counts what was written, and looks again after some; by the writer alone. */
    void wrote(long bytes) {
        writtenBytes += bytes;
        if (writtenBytes >= LOOK_BYTES) {
            writtenBytes = 0;
            look();
        }
    }

    /** How much was free at the last look. */
    public long freeBytes() {
        return freeBytes;
    }

    public long reserveBytes() {
        return reserveBytes;
    }

    /** Whether it makes sense to try to open a store for writing, which takes some room by itself. */
    public boolean opens() {
        return freeBytes >= ROOM_BYTES_MIN;
    }

    /** Whether there is room enough to write into a store that was full. */
    public boolean roomy() {
        return freeBytes >= Math.max(ROOM_BYTES_MIN, enoughBytes());
    }

    /** Somewhat more than the reserve, so that writes do not come and go with every file that is deleted. */
    private long enoughBytes() {
        return reserveBytes + reserveBytes / 4;
    }

    /** Why nothing is taken at present, if so. */
    public Optional<Refusal> refusal() {
        return low ? Optional.of(Reason.STORE_FULL.refusal(detail())) : Optional.empty();
    }

    private String detail() {
        return "the disk of the data directory has " + freeBytes / MIB + " MiB left, less than the "
                + reserveBytes / MIB + " MiB of store.reserveBytes; make room, a restart is not needed";
    }

    /** The file system of a directory. */
    private static final class Disk implements LongSupplier {
        private final Path directory;
        private Optional<FileStore> disk = Optional.empty();

        Disk(Path directory) {
            this.directory = directory.toAbsolutePath();
        }

        @Override
        public long getAsLong() {
            try {
                FileStore found = disk.isPresent() ? disk.get() : Files.getFileStore(existing());
                disk = Optional.of(found);
                // Some file systems have no sizes at all.
                return found.getTotalSpace() > 0 ? found.getUsableSpace() : UNKNOWN_BYTES;
            } catch (IOException e) {
                LOG.debug("nobody knows how much is free for {}: {}", directory, e.toString());
                return UNKNOWN_BYTES;
            }
        }

        private Path existing() {
            Path at = directory;
            while (!Files.exists(at) && at.getParent() != null) {
                at = at.getParent();
            }
            return at;
        }
    }
}
