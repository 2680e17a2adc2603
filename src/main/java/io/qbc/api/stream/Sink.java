package io.qbc.api.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A sink for the bytes of a long answer; a write is complete when the next one is welcome. */
public interface Sink {
    Future<Void> write(Buffer bytes);

    /** Into memory, for answers whose size is bounded elsewhere. */
    static Sink into(Buffer all) {
        return bytes -> {
            all.appendBuffer(bytes);
            return Future.succeededFuture();
        };
    }
}
