package io.qbc.http.server;

import io.qbc.api.Permits;
import io.qbc.api.stream.Sink;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;

/** Long answers: so many at once, at the pace of their readers, and cut off when they cannot be ended rightly. */
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
        if (!permits.take()) {
            exchange.fail(new Failure(Reason.BUSY, "too many streams are open"));
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
}
