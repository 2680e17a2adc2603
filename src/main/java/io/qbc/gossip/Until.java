package io.qbc.gossip;

import io.qbc.gossip.peers.GossipContext;
import io.vertx.core.Future;
import java.util.function.Supplier;

/** Waits for something that comes by itself, looking again after short pauses, and not for ever. */
final class Until {
    private static final long PAUSE_MILLIS = 20;

    private Until() {}

    /** True as soon as the look says so; false when the time is over. */
    static Future<Boolean> holds(GossipContext gossipContext, long millis, Supplier<Future<Boolean>> look) {
        long end = gossipContext.now() + millis;
        boolean[] held = {false};
        return Repeat.whileTrue(() -> look.get().compose(holds -> {
                    held[0] = holds;
                    return holds || gossipContext.now() >= end
                            ? Future.succeededFuture(false)
                            : gossipContext.vertx().timer(PAUSE_MILLIS).map(true);
                }))
                .map(done -> held[0]);
    }
}
