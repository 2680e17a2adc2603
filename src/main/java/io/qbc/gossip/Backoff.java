package io.qbc.gossip;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to leave alone what failed: twice as long each time, up to a limit, and never two nodes in step. */
record Backoff(long min, long max) {
    private static final int DOUBLINGS_MAX = 30;

    static Backoff of(Duration min, Duration max) {
        return new Backoff(min.toMillis(), Math.max(min.toMillis(), max.toMillis()));
    }

    /** Milliseconds to wait after the n-th failure in a row: between half of the step and the whole of it. */
    long pause(int failures, RandomGenerator chance) {
        int doublings = Math.min(DOUBLINGS_MAX, Math.max(0, failures - 1));
        long step = Math.min(max, min > Long.MAX_VALUE >> doublings ? max : min << doublings);
        return Math.max(1, (long) (step * (0.5 + chance.nextDouble() / 2)));
    }
}
