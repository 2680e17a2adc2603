package io.qbc.mining;

import io.vertx.core.Vertx;

/** Tells that something new waits: at once, and then only so often, however much comes. */
final class BacklogNotifier {
    /** Followers ask for all that is new anyway, so a word for each group would only wake them for nothing. */
    private static final long PAUSE_MILLIS = 5;

    private static final long NO_TIMER = -1;

    private final Vertx vertx;
    private final Runnable tell;
    private long timer = NO_TIMER;
    private boolean more;

    BacklogNotifier(Vertx vertx, Runnable tell) {
        this.vertx = vertx;
        this.tell = tell;
    }

    /** Something new waits. */
    void news() {
        if (timer != NO_TIMER) {
            more = true;
            return;
        }
        timer = vertx.setTimer(PAUSE_MILLIS, rested -> rested());
        tell.run();
    }

    void stop() {
        vertx.cancelTimer(timer);
        more = false;
    }

    private void rested() {
        timer = NO_TIMER;
        if (more) {
            more = false;
            news();
        }
    }
}
