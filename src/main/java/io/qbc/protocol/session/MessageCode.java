package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;

/** The code that a message of a session is proved with: an HMAC over all that tells it from any other message. */
final class MessageCode {
    private static final byte[] TAG = Transcript.ascii("qbc/message/3");
    private static final int BYTES = 192;

    private MessageCode() {}

    /** Which way a message goes. */
    enum Direction {
        REQUEST(0),
        ANSWER(1);

        private final int code;

        Direction(int code) {
            this.code = code;
        }
    }

    static byte[] text(Direction direction, Bytes session, long sequence, Kind kind, Hash frame) {
        return new Encoder(BYTES)
                .raw(TAG)
                .u8(direction.code)
                .raw(session)
                .u64(sequence)
                .bytes(Bytes.utf8(kind.verb()))
                .hash(kind.chain())
                .hash(frame)
                .toArray();
    }
}
