package io.qbc.eventbus;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.Message;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;

/** The messages that have come and have no answer yet, so that none is left without one when the node stops. */
final class MessagesInWork {
    /** How long what other members had sent before they knew may be under way. */
    private static final long LATE_MILLIS = 400;

    private static final long DRAIN_MILLIS = 1500;
    private static final long LOOK_MILLIS = 20;

    private final BiConsumer<Message<Object>, Throwable> fail;
    private final Set<Message<Object>> messages = new HashSet<>();

    /** @param fail answers that a message was not done */
    MessagesInWork(BiConsumer<Message<Object>, Throwable> fail) {
        this.fail = fail;
    }

    void begin(Message<Object> message) {
        messages.add(message);
    }

    /** Whether it was not answered before. */
    boolean end(Message<Object> message) {
        return messages.remove(message);
    }

    /** Complete when all that came is answered: as it is, or after some time with a refusal that asks to come again. */
    Future<Void> drain(Vertx vertx) {
        Promise<Void> done = Promise.promise();
        long begun = System.nanoTime();
        vertx.setPeriodic(LOOK_MILLIS, timer -> {
            long millis = (System.nanoTime() - begun) / 1_000_000;
            if (millis < LATE_MILLIS || (!messages.isEmpty() && millis < DRAIN_MILLIS)) {
                return;
            }
            vertx.cancelTimer(timer);
            List.copyOf(messages).forEach(message -> {
                messages.remove(message);
                fail.accept(message, new Failure(Reason.STOPPING, "the node stops; ask another one"));
            });
            done.complete();
        });
        return done.future();
    }
}
