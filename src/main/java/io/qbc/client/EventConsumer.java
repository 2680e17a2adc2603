package io.qbc.client;

import io.vertx.core.Future;
import java.util.OptionalLong;

/** A consumer of a subscription that goes on, over lost connections and restarts of nodes, until it is closed. */
public interface EventConsumer {
    /** Up to which offset events are acknowledged by this consumer; nothing before the first one. */
    OptionalLong offset();

    /** Complete when the consumer is over: closed, refused for good, or failed by its handler. */
    Future<Void> ended();

    /** Ends it; complete when no event is being handled any more, and what was handled is acknowledged. */
    Future<Void> close();
}
