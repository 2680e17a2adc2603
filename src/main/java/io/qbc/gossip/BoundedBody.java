package io.qbc.gossip;

import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.WriteStream;

/** Gathers an answer's body while it arrives, and takes no more of it than its limit. */
final class BoundedBody implements WriteStream<Buffer> {
    private final int bytesMax;
    private final Buffer body = Buffer.buffer();
    private boolean over;

    BoundedBody(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether more came than the limit. */
    boolean over() {
        return over;
    }

    Bytes bytes() {
        return Bytes.wrap(body.getBytes());
    }

    @Override
    public Future<Void> write(Buffer part) {
        if (over || body.length() + part.length() > bytesMax) {
            over = true;
            return Future.failedFuture("longer than " + bytesMax + " bytes");
        }
        body.appendBuffer(part);
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
