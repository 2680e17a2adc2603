package io.qbc.client.rest;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.EventStream;
import io.qbc.client.request.FollowStart;
import io.qbc.client.rest.EventParser.Block;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.client.transport.Follower;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import java.time.Duration;
import java.util.Optional;

/** A stream of events over REST, which comes back to this node or to the next with the last place that was handled. */
final class RestFollower extends Follower {
    /** A node gives a sign of life every 15 seconds. */
    private static final long SILENCE_MILLIS_MAX = 45_000;

    private static final int OK = 200;
    private static final int NO_CONTENT = 204;
    private static final int WAITING_MAX = 64;

    private final RestTransport transport;
    private final Retrier retrier;
    private final long patienceNanos;
    private Optional<HttpClientRequest> current = Optional.empty();
    private Optional<HttpClientResponse> flowing = Optional.empty();
    private long heardNanos = System.nanoTime();
    /** Since when no node went on; what ends the wait for one that does. */
    private long lostNanos = heardNanos;

    private int failures;
    private int node;
    private boolean connected;

    RestFollower(
            Vertx vertx, RestTransport transport, Retrier retrier, Transport.Followed followed, Duration patience) {
        super(vertx, followed, place(followed));
        this.transport = transport;
        this.retrier = retrier;
        this.patienceNanos = patience.toNanos();
        this.node = retrier.first();
        delivery.whenTaken(this::flow);
    }

    private static Optional<String> place(Transport.Followed followed) {
        return followed.start() instanceof FollowStart.AfterPlace after ? Optional.of(after.place()) : Optional.empty();
    }

    @Override
    public Future<EventStream> begin() {
        context.runOnContext(any -> {
            connect();
            long watch = vertx.setPeriodic(SILENCE_MILLIS_MAX / 3, timer -> look());
            delivery.ended().onComplete(over -> vertx.cancelTimer(watch));
        });
        return opened.future();
    }

    private void connect() {
        if (delivery.isOver()) {
            return;
        }
        ApiRequest request = ApiRequest.of(ApiVerb.FOLLOW, followed.chain());
        if (delivery.place().isEmpty() && followed.start() instanceof FollowStart.AtHeight at) {
            request = request.with("from", at.height());
        }
        transport
                .openStream(node, request, delivery.place())
                .compose(call -> {
                    current = Optional.of(call);
                    return call.send()
                            .recover(cause -> Future.failedFuture(TryFailure.lost(transport.where(node), cause)));
                })
                .onSuccess(this::answered)
                .onFailure(this::failed);
    }

    private void answered(HttpClientResponse response) {
        if (delivery.isOver()) {
            current.ifPresent(HttpClientRequest::reset);
            return;
        }
        if (response.statusCode() == OK) {
            read(response);
        } else if (response.statusCode() == NO_CONTENT) {
            opened.tryComplete(this);
            finish(Optional.empty());
        } else {
            long pause = RestTransport.pauseMillis(Optional.ofNullable(response.getHeader(RestTransport.RETRY_AFTER)));
            response.body()
                    .onSuccess(body ->
                            failed(TryFailure.refused(response.statusCode(), Bytes.wrap(body.getBytes()), pause)))
                    .onFailure(cause -> failed(TryFailure.lost(transport.where(node), cause)));
        }
    }

    private void read(HttpClientResponse response) {
        connected = true;
        failures = 0;
        heardNanos = System.nanoTime();
        EventParser parser = new EventParser(this::block);
        response.handler(chunk -> {
                    heardNanos = System.nanoTime();
                    parser.offer(chunk);
                    flow();
                })
                .endHandler(end -> lost(response, new IllegalStateException("the stream ended")))
                .exceptionHandler(cause -> lost(response, cause));
        flowing = Optional.of(response);
    }

    /** Reads on, or not, as the handler allows. */
    private void flow() {
        flowing.ifPresent(response -> {
            if (delivery.waiting() > WAITING_MAX) {
                response.pause();
            } else {
                // It is being read, but for the time that the handler takes.
                heardNanos = System.nanoTime();
                response.resume();
            }
        });
    }

    private void block(Block block) {
        if (delivery.isOver()) {
            return;
        }
        if (block.data().isEmpty()) {
            block.id().ifPresent(delivery::beginAt);
            // From here on the stream knows where to go on, whatever becomes of this connection.
            opened.tryComplete(this);
            return;
        }
        try {
            ChainEvent.of(block.type(), AnswerReader.of(Bytes.utf8(block.data())))
                    .ifPresent(event -> delivery.deliver(event, block.id()));
        } catch (IllegalArgumentException e) {
            finish(Optional.of(TryFailure.of(e).failure()));
        }
    }

    private void lost(HttpClientResponse response, Throwable cause) {
        if (connected && flowing.filter(last -> last == response).isPresent()) {
            lostNanos = System.nanoTime();
            failed(TryFailure.lost(transport.where(node), cause));
        }
    }

    private void failed(Throwable cause) {
        connected = false;
        flowing = Optional.empty();
        current.ifPresent(HttpClientRequest::reset);
        current = Optional.empty();
        TryFailure failure = TryFailure.of(cause);
        boolean passing = failure.isPassing() || failure.failure().code().equals(QUANT_UNKNOWN);
        boolean patient = System.nanoTime() - lostNanos < patienceNanos;
        boolean silent = failure.isSilence() && opened.future().isComplete();
        if (delivery.isOver()) {
            return;
        }
        if (!passing || !(patient || silent)) {
            finish(Optional.of(failure.failure()));
            return;
        }
        long pause = Math.max(failure.pauseMillis(), Retrier.pauseMillis(failures++));
        node = retrier.after(node);
        vertx.setTimer(pause, timer -> connect());
    }

    private void look() {
        long silent = System.nanoTime() - heardNanos;
        if (connected && delivery.waiting() <= WAITING_MAX && silent > SILENCE_MILLIS_MAX * 1_000_000) {
            flowing.ifPresent(response ->
                    lost(response, new IllegalStateException("nothing was heard for " + SILENCE_MILLIS_MAX + " ms")));
        }
    }

    @Override
    protected void release() {
        connected = false;
        flowing = Optional.empty();
        current.ifPresent(HttpClientRequest::reset);
    }
}
