package io.qbc.model;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 (FIPS 180-4) over one or several runs of bytes, and the two hashes of an RFC 6962 tree. */
public final class Sha256 {
    private static final ThreadLocal<Sha256> OWN = ThreadLocal.withInitial(Sha256::new);

    private final MessageDigest digest;
    private final byte[] out = new byte[Hash.BYTES];
    private final byte[] pair = new byte[1 + 2 * Hash.BYTES];

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
        pair[0] = 1;
    }

    public static Hash of(byte[] bytes, int offset, int size) {
        Sha256 own = OWN.get();
        own.digest.update(bytes, offset, size);
        return own.finish();
    }

    public static Hash of(byte[]... parts) {
        Sha256 own = OWN.get();
        for (byte[] part : parts) {
            own.digest.update(part);
        }
        return own.finish();
    }

    /** H(first ‖ second ‖ third), the parts given as views. */
    public static Hash of(byte[] tag, Bytes second, Bytes third) {
        Sha256 own = OWN.get();
        own.digest.update(tag);
        own.digest.update(second.array(), second.offset(), second.size());
        own.digest.update(third.array(), third.offset(), third.size());
        return own.finish();
    }

    /** The leaf hash H(0x00 ‖ bytes) of RFC 6962 section 2.1. */
    public static Hash leaf(byte[] bytes, int offset, int size) {
        Sha256 own = OWN.get();
        own.digest.update((byte) 0);
        own.digest.update(bytes, offset, size);
        return own.finish();
    }

    /** The interior node H(0x01 ‖ left ‖ right) of RFC 6962 section 2.1. */
    public static Hash node(Hash left, Hash right) {
        Sha256 own = OWN.get();
        left.write(own.pair, 1);
        right.write(own.pair, 1 + Hash.BYTES);
        own.digest.update(own.pair);
        return own.finish();
    }

    private Hash finish() {
        try {
            digest.digest(out, 0, out.length);
        } catch (DigestException e) {
            throw new IllegalStateException("32 bytes hold a SHA-256", e);
        }
        return Hash.at(out, 0);
    }
}
