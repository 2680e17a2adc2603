package io.qbc.api.stream;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;

/** A sink for the bytes of a long answer, and the memory that its writer may hold meanwhile. */
public interface Sink {
    /** Complete when the next bytes are welcome. */
    Future<Void> write(Buffer bytes);

    /**
     * Asks to hold so many bytes in all from now on, in place of what was held; false, and nothing changed, if they are
     * not to be had.
     */
    default boolean hold(long bytes) {
        return true;
    }

    /** The same for more than is needed, which is to be had only while there is plenty. */
    default boolean holdSpare(long bytes) {
        return true;
    }

    /** Runs this whenever the reader does not take a write promptly, so that its writer gives memory back. */
    default void whenSlow(Runnable work) {}

    /** Into memory, for answers whose size is bounded elsewhere. */
    static Sink into(Buffer all) {
        return bytes -> {
            all.appendBuffer(bytes);
            return Future.succeededFuture();
        };
    }
}
