package io.qbc.mining;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;

/** A wait for this node's turn that ends early when the head moves. */
final class Pause {
    private static final long LONGEST = 30_000;

    private final Vertx vertx;
    private Optional<Promise<Void>> waiting = Optional.empty();
    private long timer = -1;

    Pause(Vertx vertx) {
        this.vertx = vertx;
    }

    /** Done after so many milliseconds, or earlier. */
    Future<Void> last(long millis) {
        end();
        Promise<Void> promise = Promise.promise();
        waiting = Optional.of(promise);
        timer = vertx.setTimer(Math.max(1, Math.min(LONGEST, millis)), id -> end());
        return promise.future();
    }

    void end() {
        vertx.cancelTimer(timer);
        Optional<Promise<Void>> ended = waiting;
        waiting = Optional.empty();
        ended.ifPresent(Promise::complete);
    }
}
