package io.qbc.http.server;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A set of deadlines: what takes too long is ended by one timer for a whole event loop instead of one a request. */
public final class Deadlines {
    private static final long SWEEP_MILLIS = 200;

    private final Set<Timed> watched = new HashSet<>();

    /** Something that may take only so long. */
    public interface Timed {
        /** Ends it if its time has passed; {@code now} is {@link System#nanoTime()}. */
        void expire(long now);
    }

    public Deadlines(Vertx vertx) {
        vertx.setPeriodic(SWEEP_MILLIS, timer -> sweep());
    }

    public void watch(Timed timed) {
        watched.add(timed);
    }

    public void forget(Timed timed) {
        watched.remove(timed);
    }

    /** Whether more than {@code allowed} passed between {@code since} and {@code now}, both in nanoseconds. */
    public static boolean passed(long since, Duration allowed, long now) {
        return now - since > allowed.toNanos();
    }

    private void sweep() {
        long now = System.nanoTime();
        List.copyOf(watched).forEach(timed -> timed.expire(now));
    }
}
