package io.qbc.api.access;

import java.util.concurrent.atomic.AtomicLong;

/**
 * A limit of requests a second with a burst, for any number of threads: the generic cell rate algorithm, which needs
 * one number, the time at which the burst is whole again.
 */
final class RateLimit {
    private static final long SECOND_NANOS = 1_000_000_000L;

    private final long intervalNanos;
    private final long burstNanos;
    private final AtomicLong wholeAt;

    /** With the whole burst at first. */
    RateLimit(int rate, int burst, long nowNanos) {
        intervalNanos = Math.max(1, SECOND_NANOS / rate);
        burstNanos = intervalNanos * burst;
        wholeAt = new AtomicLong(nowNanos);
    }

    /** Takes one request: 0, or how long until there is one again. */
    long take(long nowNanos) {
        while (true) {
            long before = wholeAt.get();
            long next = (before - nowNanos > 0 ? before : nowNanos) + intervalNanos;
            long tooEarly = next - nowNanos - burstNanos;
            if (tooEarly > 0) {
                return tooEarly;
            }
            if (wholeAt.compareAndSet(before, next)) {
                return 0;
            }
        }
    }

    /** What is left of the burst. */
    long left(long nowNanos) {
        return Math.max(0, (burstNanos - Math.max(0, wholeAt.get() - nowNanos)) / intervalNanos);
    }

    /** Seconds until the burst is whole again. */
    long wholeInSeconds(long nowNanos) {
        return (Math.max(0, wholeAt.get() - nowNanos) + SECOND_NANOS - 1) / SECOND_NANOS;
    }

    /** Whether nothing of the burst is in use. */
    boolean isWhole(long nowNanos) {
        return wholeAt.get() - nowNanos <= 0;
    }
}
