package io.qbc.http.server;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * A watch over a connection of HTTP/2 on which nothing is asked: its frames may begin a header and never end it, which
 * the idle timeout takes for life.
 */
final class QuietConnection implements Deadlines.Timed {
    private final CallerConnection caller;
    private final Duration firstMax;
    private final Duration laterMax;
    private final Runnable close;
    private boolean asked;

    /**
     * A watch that begins.
     *
     * @param firstMax how long the first request may take to come, and {@code laterMax} any later one
     */
    QuietConnection(CallerConnection caller, Duration firstMax, Duration laterMax, Runnable close) {
        this.caller = caller;
        this.firstMax = firstMax;
        this.laterMax = laterMax;
        this.close = close;
    }

    @Override
    public void expire(long now) {
        OptionalLong since = caller.quietSince();
        asked = asked || since.isEmpty();
        if (since.isPresent() && Deadlines.passed(since.getAsLong(), asked ? laterMax : firstMax, now)) {
            close.run();
        }
    }
}
