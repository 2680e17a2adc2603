package io.qbc.persistence.store;

import java.time.Duration;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.Env;
import org.rocksdb.RateLimiter;
import org.rocksdb.RateLimiterMode;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast the store writes, merges and deletes files in the background. At full speed that takes a core, or the disk,
 * for up to a second, and whoever waits for an acknowledgement then waits some 100 ms longer; so it takes a few seconds
 * instead.
 */
final class FileRateLimit {
    private static final Logger LOG = LoggerFactory.getLogger(FileRateLimit.class);
    private static final String FILES = "rocksdb.num-files-at-level0";
    private static final long BYTES_PER_SECOND_MIN = 24L << 20;
    private static final long BYTES_PER_SECOND_MAX = 1L << 30;
    /** What is written goes into a file once; the ids, an eighth of it, are read and written again a few times. */
    private static final double WRITTEN_FACTOR = 3;
    /** With so many files in wait, reads suffer more from them than anybody from a merge. */
    private static final int FILES_MAX = 10;
    /** The pace rises at once and falls by so much a window, so that a load that comes in bursts is not held up. */
    private static final double FALL_FACTOR = 0.95;

    private static final long WINDOW_NANOS = Duration.ofMillis(100).toNanos();
    private static final long REFILL_MICROS = Duration.ofMillis(50).toNanos() / 1000;
    private static final int FAIRNESS = 10;

    /** A file goes in steps of so much: a disk may free its blocks at once, and a sync of the log waits for that. */
    private static final long DELETE_STEP_BYTES = 1 << 20;
    /** From this pace on files go at once: then few large groups are synced, and the steps cost more than they gain. */
    private static final long DELETE_AT_ONCE_BYTES_PER_SECOND = 128L << 20;
    /** However much waits to be deleted, it is not hurried for it; the pace alone bounds how much that is. */
    private static final double ANY_TRASH = Double.MAX_VALUE;

    /** Opening a store is not held up, so it begins without a limit. */
    private final RateLimiter limiter =
            new RateLimiter(BYTES_PER_SECOND_MAX, REFILL_MICROS, FAIRNESS, RateLimiterMode.ALL_IO, false);

    private final SstFileManager deletes;

    private long pace = BYTES_PER_SECOND_MAX;
    private long begin = System.nanoTime();
    private long bytes;

    FileRateLimit() throws RocksDBException {
        deletes = new SstFileManager(Env.getDefault(), null, 0, ANY_TRASH, DELETE_STEP_BYTES);
    }

    /** Of what is written and merged; whoever opens a store with it closes it, after the store. */
    RateLimiter limiter() {
        return limiter;
    }

    /** Of what is deleted; as {@link #limiter}. */
    SstFileManager deletes() {
        return deletes;
    }

    /** Tells of bytes written; ten times a second the pace is set anew. */
    synchronized void wrote(long more, RocksDB db, ColumnFamilyHandle ids) {
        bytes += more;
        long nanos = System.nanoTime() - begin;
        if (nanos >= WINDOW_NANOS) {
            set(pace(pace, bytes * 1e9 / nanos, files(db, ids)));
            begin += nanos;
            bytes = 0;
        }
    }

    /** No limit any more, and what is deleted is gone at once: somebody waits for the end. */
    void hurry() {
        set(BYTES_PER_SECOND_MAX);
    }

    /** Sets the pace of all three; for deletes, 0 is at once. */
    synchronized void set(long bytesPerSecond) {
        pace = bytesPerSecond;
        limiter.setBytesPerSecond(bytesPerSecond);
        deletes.setDeleteRateBytesPerSecond(bytesPerSecond < DELETE_AT_ONCE_BYTES_PER_SECOND ? bytesPerSecond : 0);
    }

    /** What was written is written, whether this can be counted or not. */
    private static int files(RocksDB db, ColumnFamilyHandle ids) {
        try {
            return Integer.parseInt(db.getProperty(ids, FILES));
        } catch (RocksDBException | NumberFormatException e) {
            LOG.debug("the files that wait for a merge cannot be counted, so that it runs at full speed", e);
            return Integer.MAX_VALUE;
        }
    }

    /** Bytes a second that may go to and from files after so many, while so many are written and so many files wait. */
    static long pace(long before, double written, int files) {
        double wanted = files > FILES_MAX ? BYTES_PER_SECOND_MAX : WRITTEN_FACTOR * written;
        return (long)
                Math.min(BYTES_PER_SECOND_MAX, Math.max(BYTES_PER_SECOND_MIN, Math.max(FALL_FACTOR * before, wanted)));
    }
}
