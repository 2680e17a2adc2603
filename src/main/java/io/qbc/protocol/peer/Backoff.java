package io.qbc.protocol.peer;

import java.time.Duration;

/** How long to leave alone what failed: twice as long each time, up to a limit, and never two nodes in step. */
public record Backoff(long min, long max) {
    private static final int DOUBLINGS_MAX = 30;

    public static Backoff of(Duration min, Duration max) {
        return new Backoff(min.toMillis(), Math.max(min.toMillis(), max.toMillis()));
    }

    /**
     * Milliseconds to wait after the n-th failure in a row: between half of the step and the whole of it.
     *
     * @param chance drawn anew for each pause, from 0 to below 1
     */
    public long pause(int failures, double chance) {
        int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1));
        long step = Math.min(max, min > Long.MAX_VALUE >> doublings ? max : min << doublings);
        return Math.max(1, (long) (step * (0.5 + chance / 2)));
    }
}
