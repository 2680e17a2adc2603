package io.qbc.gossip;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** Repeats an asynchronous step; neither the stack nor a chain of futures grows with the number of rounds. */
final class Repeat {
    private Repeat() {}

    /** Runs the step as long as it gives true; fails as the step fails. */
    static Future<Void> whileTrue(Supplier<Future<Boolean>> step) {
        Promise<Void> end = Promise.promise();
        turn(step, end);
        return end.future();
    }

    private static void turn(Supplier<Future<Boolean>> step, Promise<Void> end) {
        Future<Boolean> round = step.get();
        while (round.succeeded() && round.result()) {
            round = step.get();
        }
        round.onComplete(again -> {
            if (again.failed()) {
                end.fail(again.cause());
            } else if (again.result()) {
                turn(step, end);
            } else {
                end.complete();
            }
        });
    }
}
