package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;
import java.util.ArrayList;
import java.util.List;

/** A buffer for the body of an answer, which takes no more than its limit. */
final class BoundedBody implements WriteStream<Buffer> {
    private final int bytesMax;
    private final List<Buffer> parts = new ArrayList<>();
    private int size;
    private boolean over;

    BoundedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether more came than the limit. */
    boolean over() {
        return over;
    }

    /** All that came, put together once: a buffer that grows would copy large answers several times. */
    Bytes bytes() {
        byte[] body = new byte[size];
        int at = 0;
        for (Buffer part : parts) {
            part.getBytes(body, at);
            at += part.length();
        }
        return Bytes.wrap(body);
    }

    @Override
    public Future<Void> write(Buffer part) {
        if (over || part.length() > bytesMax - size) {
            over = true;
            parts.clear();
            return Future.failedFuture("longer than " + bytesMax + " bytes");
        }
        parts.add(part);
        size += part.length();
        return Future.succeededFuture();
    }

    @Override
    public Future<Void> end() {
        return Future.succeededFuture();
    }

    @Override
    public boolean writeQueueFull() {
        return false;
    }

    @Override
    public BoundedBody exceptionHandler(Handler<Throwable> handler) {
        return this;
    }

    @Override
    public BoundedBody setWriteQueueMaxSize(int size) {
        return this;
    }

    @Override
    public BoundedBody drainHandler(Handler<Void> handler) {
        return this;
    }
}
