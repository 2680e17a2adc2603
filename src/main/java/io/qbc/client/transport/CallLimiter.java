package io.qbc.client.transport;

import io.qbc.client.answer.QbcException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** A counting limit: so many calls at once, so many more that wait in their order, and no others. */
final class CallLimiter {
    private final int inFlightMax;
    private final int waitingMax;
    private final Deque<Promise<Void>> waiting = new ArrayDeque<>();
    private int inFlight;

    CallLimiter(int inFlightMax, int waitingMax) {
        this.inFlightMax = inFlightMax;
        this.waitingMax = waitingMax;
    }

    /** Complete when the caller may go on; then it must {@link #release}. */
    synchronized Future<Void> take() {
        if (inFlight < inFlightMax) {
            inFlight++;
            return Future.succeededFuture();
        }
        if (waiting.size() >= waitingMax) {
            return Future.failedFuture(QbcException.own(
                    QbcException.CLIENT_BUSY,
                    "The client has too many calls",
                    inFlightMax + " calls are in flight and " + waitingMax + " wait"));
        }
        Promise<Void> turn = Promise.promise();
        waiting.add(turn);
        return turn.future();
    }

    /** Ends a call; the place goes to the one that waits longest. */
    void release() {
        Promise<Void> next;
        synchronized (this) {
            next = waiting.poll();
            if (next == null) {
                inFlight--;
                return;
            }
        }
        next.complete();
    }

    /** Fails all that wait. */
    void close(QbcException cause) {
        List<Promise<Void>> all;
        synchronized (this) {
            all = List.copyOf(waiting);
            waiting.clear();
        }
        all.forEach(turn -> turn.tryFail(cause));
    }
}
