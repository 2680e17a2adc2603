package io.qbc.protocol.peer;

import java.time.Duration;

/**
 * An exponential backoff with jitter: the pause after a failure doubles, up to a limit, and never two nodes in step.
 */
public record Backoff(long minMillis, long maxMillis) {
    private static final int DOUBLINGS_MAX = 30;

    public static Backoff of(Duration min, Duration max) {
        return new Backoff(min.toMillis(), Math.max(min.toMillis(), max.toMillis()));
    }

    /**
     * Milliseconds to wait after the n-th failure in a row: between half of the step and the whole of it.
     *
     * @param random drawn anew for each pause, from 0 to below 1
     */
    public long pause(int failures, double random) {
        int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1));
        long step = Math.min(maxMillis, minMillis > Long.MAX_VALUE >> doublings ? maxMillis : minMillis << doublings);
        return Math.max(1, (long) (step * (0.5 + random / 2)));
    }
}
