package io.qbc.http.server;

import io.qbc.api.Permits;
import io.qbc.api.stream.Sink;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;
import java.util.function.Function;

/** A limit on streamed answers: so many at once, at the pace of their readers. */
public final class Streams {
    private final Permits permits;

    public Streams(Permits permits) {
        this.permits = permits;
    }

    /**
     * Sends what {@code writer} writes. A failure before the first byte is answered as a problem; a later one ends the
     * connection, so that nobody takes half an answer for a whole one.
     */
    public void send(Exchange exchange, String type, Function<Sink, Future<Void>> writer) {
        if (!take(exchange)) {
            return;
        }
        if (exchange.isHead()) {
            permits.release();
            exchange.stream(type);
            return;
        }
        Sink response = new ResponseSink(exchange);
        writer.apply(bytes -> write(exchange, type, response, bytes))
                .onSuccess(done -> end(exchange, type))
                .onFailure(cause -> cut(exchange, cause))
                .onComplete(done -> permits.release());
    }

    /**
     * Begins an answer that goes on until its caller or {@link Exchange#endStream()} ends it, and that no cache may
     * keep. Empty if there is nothing to write: it was refused, or the caller left or asked with HEAD.
     */
    public Optional<Sink> open(Exchange exchange, String type) {
        if (!take(exchange)) {
            return Optional.empty();
        }
        exchange.whenOver(permits::release);
        exchange.response().headers().set(HttpHeaders.CACHE_CONTROL, "no-store");
        return exchange.stream(type) ? Optional.of(new ResponseSink(exchange)) : Optional.empty();
    }

    private boolean take(Exchange exchange) {
        boolean taken = permits.take();
        if (!taken) {
            exchange.problem(Reason.BUSY, "too many streams are open");
        }
        return taken;
    }

    private static Future<Void> write(Exchange exchange, String type, Sink response, Buffer bytes) {
        if (!exchange.isAnswered() && !exchange.stream(type)) {
            return Future.failedFuture("the caller left");
        }
        return response.write(bytes);
    }

    private static void end(Exchange exchange, String type) {
        if (exchange.isAnswered() || exchange.stream(type)) {
            exchange.endStream();
        }
    }

    private static void cut(Exchange exchange, Throwable cause) {
        if (exchange.isAnswered()) {
            exchange.abort(cause);
        } else {
            exchange.fail(cause);
        }
    }

    /** A sink that writes into a response at the pace of its reader; one for a response. */
    private static final class ResponseSink implements Sink {
        private final Exchange exchange;
        private Promise<Void> drained = Promise.promise();

        ResponseSink(Exchange exchange) {
            this.exchange = exchange;
            exchange.whenOver(() -> drained.tryFail(left()));
        }

        @Override
        public Future<Void> write(Buffer bytes) {
            if (exchange.isOver()) {
                return Future.failedFuture(left());
            }
            if (bytes.length() == 0) {
                return Future.succeededFuture();
            }
            HttpServerResponse response = exchange.response();
            Future<Void> written = response.write(bytes);
            if (!response.writeQueueFull()) {
                return written.failed() ? written : Future.succeededFuture();
            }
            Promise<Void> next = Promise.promise();
            drained = next;
            response.drainHandler(ready -> next.tryComplete());
            written.onFailure(next::tryFail);
            return next.future();
        }

        private static HttpClosedException left() {
            return new HttpClosedException("the caller left");
        }
    }
}
