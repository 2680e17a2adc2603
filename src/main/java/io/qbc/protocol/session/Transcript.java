package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Hello;
import java.nio.charset.StandardCharsets;

/** The transcript of a handshake: all that both ends said, which both sign and derive keys from. */
final class Transcript {
    private static final byte[] TAG = ascii("qbc/session/3");
    private static final byte[] CALLEE = ascii("qbc/session/callee/3");
    private static final byte[] CALLER = ascii("qbc/session/caller/3");
    private static final int BYTES = 1024;

    private Transcript() {}

    static Bytes bytes(Hello hello, Callee callee) {
        return new Encoder(BYTES)
                .raw(TAG)
                .bytes(Bytes.utf8(hello.network().id()))
                .u8(hello.network().mode().number())
                .raw(hello.nonce())
                .raw(hello.ephemeral())
                .raw(hello.key())
                .bytes(Bytes.utf8(hello.address()))
                .bytes(Bytes.utf8(hello.called()))
                .raw(callee.session())
                .raw(callee.nonce())
                .raw(callee.ephemeral())
                .raw(callee.key())
                .bytes(Bytes.utf8(callee.address()))
                .toBytes();
    }

    static Hash hash(Hello hello, Callee callee) {
        Bytes bytes = bytes(hello, callee);
        return Sha256.of(bytes.array(), bytes.offset(), bytes.size());
    }

    /** What the callee signs. */
    static byte[] calleeSigns(Hash transcript) {
        return tagged(CALLEE, transcript);
    }

    /** What the caller signs. */
    static byte[] callerSigns(Hash transcript) {
        return tagged(CALLER, transcript);
    }

    static byte[] tagged(byte[] tag, Hash transcript) {
        return new Encoder(tag.length + Hash.BYTES).raw(tag).hash(transcript).toArray();
    }

    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
