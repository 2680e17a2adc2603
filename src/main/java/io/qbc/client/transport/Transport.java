package io.qbc.client.transport;

import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.EventStream;
import io.qbc.client.request.FollowStart;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** A way to nodes. */
public interface Transport {
    /** How many nodes there are to choose from. */
    int nodes();

    /**
     * One try at one node; fails with {@link TryFailure}.
     *
     * @return the JSON text of the answer
     */
    Future<Bytes> call(int node, ApiRequest request, long millis);

    /** Whether data is written anew on its way, so that an author has to sign what will be written. */
    boolean isRewriting();

    /** The way to send many transactions at once, where there is one. */
    Optional<Batches> batches();

    /** Begins a stream; complete when it runs. */
    Future<EventStream> follow(Retrier retrier, Followed followed);

    Future<Void> close();

    /** The sending of many transactions at once. */
    @FunctionalInterface
    interface Batches {
        /** One try to send transactions, one a line, as a request says; gives the lines of the answer. */
        Future<List<Bytes>> send(int node, ApiRequest inject, List<Bytes> lines, long millis);
    }

    /** What is followed. */
    record Followed(String chain, FollowStart start, Function<ChainEvent, Future<?>> handler) {}
}
