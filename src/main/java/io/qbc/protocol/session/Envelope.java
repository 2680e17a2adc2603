package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.HandshakeSizes;
import java.util.Optional;

/**
 * A request of a session as it travels: in front of its frame stands what proves it. Of a request that is not proved
 * nothing else is read.
 *
 * @param session its id
 * @param sequence the request's number in the session, from 1 on, never the same twice
 * @param chain the chain that the frame is about, all zero if about none
 */
public record Envelope(Bytes session, long sequence, Hash chain, Bytes code, Bytes frame) {
    /** How long it is without the frame. */
    public static final int BYTES =
            1 + HandshakeSizes.SESSION_BYTES + Long.BYTES + Hash.BYTES + HandshakeSizes.CODE_BYTES;

    /** The request in these bytes; nothing if they are too few, or of another version. */
    public static Optional<Envelope> of(Bytes body) {
        if (body.size() < BYTES) {
            return Optional.empty();
        }
        Decoder in = new Decoder(body);
        boolean version = in.u8() == FrameCodec.VERSION;
        Envelope envelope = new Envelope(
                in.raw(HandshakeSizes.SESSION_BYTES),
                in.u64(),
                in.hash(),
                in.raw(HandshakeSizes.CODE_BYTES),
                in.raw(in.remaining()));
        return version && in.complete() ? Optional.of(envelope) : Optional.empty();
    }

    /** What stands in front of the frame. */
    public byte[] head() {
        return new Encoder(BYTES)
                .u8(FrameCodec.VERSION)
                .raw(session)
                .u64(sequence)
                .hash(chain)
                .raw(code)
                .toArray();
    }
}
