package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.security.MessageDigest;
import java.util.Optional;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.math.ec.rfc7748.X25519;

/** The functions of sessions: X25519 (RFC 7748), HKDF (RFC 5869) and HMAC (RFC 2104), both over SHA-256. */
final class SessionCrypto {
    static final int KEY_BYTES = 32;
    static final int MAC_BYTES = 32;

    private SessionCrypto() {}

    /** The public value of a secret one of 32 bytes. */
    static Bytes ephemeral(Bytes secret) {
        byte[] point = new byte[X25519.POINT_SIZE];
        X25519.generatePublicKey(secret.toArray(), 0, point, 0);
        return Bytes.wrap(point);
    }

    /** The value that both ends agree on; nothing if the other end's is of small order, and so known to everybody. */
    static Optional<Bytes> agree(Bytes secret, Bytes other) {
        byte[] shared = new byte[X25519.POINT_SIZE];
        boolean sound = X25519.calculateAgreement(secret.toArray(), 0, other.toArray(), 0, shared, 0);
        return sound ? Optional.of(Bytes.wrap(shared)) : Optional.empty();
    }

    /** HKDF of all steps: extract with a salt, expand to so many bytes. */
    static Bytes derive(Bytes input, Hash salt, byte[] info, int size) {
        HKDFBytesGenerator generator = new HKDFBytesGenerator(new SHA256Digest());
        generator.init(new HKDFParameters(input.toArray(), salt.bytes(), info));
        byte[] out = new byte[size];
        generator.generateBytes(out, 0, size);
        return Bytes.wrap(out);
    }

    static Bytes mac(Bytes key, byte[] message) {
        HMac mac = new HMac(new SHA256Digest());
        mac.init(new KeyParameter(key.toArray()));
        mac.update(message, 0, message.length);
        byte[] out = new byte[MAC_BYTES];
        mac.doFinal(out, 0);
        return Bytes.wrap(out);
    }

    /** Whether two codes are the same, in a time that does not tell where they differ. */
    static boolean same(Bytes one, Bytes other) {
        return MessageDigest.isEqual(one.toArray(), other.toArray());
    }
}
