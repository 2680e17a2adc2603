package io.qbc.protocol.message;

/** The sizes of what stands in handshakes and envelopes. */
public final class HandshakeSizes {
    public static final int NONCE_BYTES = 32;
    public static final int EPHEMERAL_BYTES = 32;
    public static final int SESSION_BYTES = 16;
    /** Of a proof, and of a message's code. */
    public static final int CODE_BYTES = 32;

    private HandshakeSizes() {}
}
