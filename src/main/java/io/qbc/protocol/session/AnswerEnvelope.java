package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.HandshakeSizes;
import java.util.Optional;

/** An answer of a session as it travels; to which request it belongs is in its code. */
public record AnswerEnvelope(Bytes code, Bytes frame) {
    /** How long it is without the frame. */
    public static final int BYTES = 1 + HandshakeSizes.CODE_BYTES;

    /** The answer in these bytes; nothing if they are too few, or of another version. */
    public static Optional<AnswerEnvelope> of(Bytes body) {
        if (body.size() < BYTES || body.slice(0, 1).toArray()[0] != FrameCodec.VERSION) {
            return Optional.empty();
        }
        return Optional.of(
                new AnswerEnvelope(body.slice(1, HandshakeSizes.CODE_BYTES), body.slice(BYTES, body.size() - BYTES)));
    }

    public Bytes bytes() {
        return new Encoder(BYTES + frame.size())
                .u8(FrameCodec.VERSION)
                .raw(code)
                .raw(frame)
                .toBytes();
    }
}
