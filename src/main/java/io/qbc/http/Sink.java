package io.qbc.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerResponse;

/** Where the bytes of a long answer go; a write is complete when the next one is welcome. */
interface Sink {
    Future<Void> write(Buffer bytes);

    /** Into a response, at the pace of its reader. */
    static Sink into(HttpServerResponse response) {
        return into(response, () -> {});
    }

    /** Into a response, at the pace of its reader, with what to do when the reader leaves. */
    static Sink into(HttpServerResponse response, Runnable left) {
        return bytes -> {
            if (response.closed()) {
                return Future.failedFuture(new HttpClosedException("the caller left"));
            }
            if (bytes.length() == 0) {
                return Future.succeededFuture();
            }
            Future<Void> written = response.write(bytes);
            if (!response.writeQueueFull()) {
                return written.isComplete() ? written : Future.succeededFuture();
            }
            Promise<Void> drained = Promise.promise();
            response.drainHandler(ready -> drained.tryComplete());
            response.closeHandler(closed -> {
                left.run();
                drained.tryFail(new HttpClosedException("the caller left"));
            });
            written.onFailure(drained::tryFail);
            return drained.future();
        };
    }

    /** Into memory, for answers whose size is bounded elsewhere. */
    static Sink into(Buffer all) {
        return bytes -> {
            all.appendBuffer(bytes);
            return Future.succeededFuture();
        };
    }
}
