package io.qbc.gossip;

import io.qbc.gossip.peers.GossipContext;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/** A bounded poll for a condition that comes true by itself. */
final class Polling {
    private static final long PAUSE_MILLIS = 20;

    private final GossipContext gossipContext;
    private final long endMillis;
    private final Supplier<Future<Boolean>> condition;
    private final Promise<Boolean> result = Promise.promise();

    private Polling(GossipContext gossipContext, long millis, Supplier<Future<Boolean>> condition) {
        this.gossipContext = gossipContext;
        this.endMillis = gossipContext.now() + millis;
        this.condition = condition;
    }

    /** True as soon as the condition holds; false when the time is over; fails as the condition fails. */
    static Future<Boolean> until(GossipContext gossipContext, long millis, Supplier<Future<Boolean>> condition) {
        Polling polling = new Polling(gossipContext, millis, condition);
        polling.poll();
        return polling.result.future();
    }

    private void poll() {
        Future.succeededFuture()
                .compose(begun -> condition.get())
                .onFailure(result::fail)
                .onSuccess(holds -> {
                    if (holds || gossipContext.now() >= endMillis) {
                        result.complete(holds);
                    } else {
                        gossipContext
                                .vertx()
                                .timer(PAUSE_MILLIS)
                                .onFailure(result::fail)
                                .onSuccess(paused -> poll());
                    }
                });
    }
}
