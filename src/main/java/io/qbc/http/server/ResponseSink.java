package io.qbc.http.server;

import io.qbc.api.stream.Sink;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;

/** Writes into a response at the pace of its reader; one for a response. */
public final class ResponseSink implements Sink {
    private final Exchange exchange;
    private Promise<Void> room = Promise.promise();

    public ResponseSink(Exchange exchange) {
        this.exchange = exchange;
        exchange.whenOver(() -> room.tryFail(left()));
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
        Promise<Void> drained = Promise.promise();
        room = drained;
        response.drainHandler(ready -> drained.tryComplete());
        written.onFailure(drained::tryFail);
        return drained.future();
    }

    private static HttpClosedException left() {
        return new HttpClosedException("the caller left");
    }
}
