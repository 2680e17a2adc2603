package io.qbc.bus;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;

/** Hands immutable records over by reference inside this process; they never leave it. */
final class RecordCodec implements MessageCodec<Object, Object> {
    static final String NAME = "qbc.record";

    @Override
    public void encodeToWire(Buffer buffer, Object body) {
        throw new IllegalStateException("internal messages stay in this process");
    }

    @Override
    public Object decodeFromWire(int position, Buffer buffer) {
        throw new IllegalStateException("internal messages stay in this process");
    }

    @Override
    public Object transform(Object body) {
        return body;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public byte systemCodecID() {
        return -1;
    }
}
