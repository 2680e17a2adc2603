package io.qbc.protocol.message;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import java.nio.charset.StandardCharsets;

/** The bytes that caller and callee sign in a handshake. */
public final class HandshakeMessages {
    public static final int NONCE_BYTES = 32;

    private static final byte[] ASKED = "qbc/hello-from/1".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ANSWERED = "qbc/hello/1".getBytes(StandardCharsets.US_ASCII);

    private HandshakeMessages() {}

    /** What the caller signs: "qbc/hello-from/1" ‖ nonce ‖ bytes(address as called) ‖ bytes(own address). */
    public static byte[] asked(Bytes nonce, String called, String own) {
        return signed(ASKED, nonce, called, own);
    }

    /** What the callee signs: "qbc/hello/1" ‖ nonce ‖ bytes(address as called) ‖ bytes(own address). */
    public static byte[] answered(Bytes nonce, String called, String own) {
        return signed(ANSWERED, nonce, called, own);
    }

    private static byte[] signed(byte[] tag, Bytes nonce, String called, String own) {
        return new Encoder(320)
                .raw(tag)
                .raw(nonce)
                .bytes(Bytes.utf8(called))
                .bytes(Bytes.utf8(own))
                .toArray();
    }
}
