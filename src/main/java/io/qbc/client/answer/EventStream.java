package io.qbc.client.answer;

import io.qbc.client.request.FollowStart;
import io.vertx.core.Future;
import java.util.Optional;

/** A stream of a chain's events that goes on, over lost connections and stopped nodes, until it is closed. */
public interface EventStream {
    /** After which event the stream goes on: what a caller keeps to {@link FollowStart#after resume} later. */
    Optional<String> place();

    /** Complete when the stream is over: closed, at its end, refused for good, or failed by its handler. */
    Future<Void> ended();

    /** Ends it; complete when no event is being handled any more. */
    Future<Void> close();
}
