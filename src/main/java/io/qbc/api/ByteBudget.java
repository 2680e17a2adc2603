package io.qbc.api;

import java.util.HashMap;
import java.util.Map;

/**
 * A limit in bytes: so much of something at once, counted across all instances of the API, of which one caller gets a
 * share.
 */
public final class ByteBudget {
    private final long bytesMax;
    private final long shareBytesMax;
    private final Map<String, Long> byCaller = new HashMap<>();
    private long inUse;

    /** @param shareBytesMax what one caller may have at once */
    public ByteBudget(long bytesMax, long shareBytesMax) {
        this.bytesMax = bytesMax;
        this.shareBytesMax = shareBytesMax;
    }

    /** Takes so many bytes; false, and nothing taken, when there are not as many left, or not for this caller. */
    public synchronized boolean take(String caller, long bytes) {
        long its = byCaller.getOrDefault(caller, 0L);
        if (bytes > bytesMax - inUse || bytes > shareBytesMax - its) {
            return false;
        }
        inUse += bytes;
        byCaller.put(caller, its + bytes);
        return true;
    }

    public synchronized void release(String caller, long bytes) {
        inUse -= bytes;
        byCaller.computeIfPresent(caller, (name, its) -> its == bytes ? null : its - bytes);
    }

    public synchronized long inUse() {
        return inUse;
    }
}
