package io.qbc.model;

/**
 * Ed25519 (RFC 8032) by Bouncy Castle's lightweight code, the one verifier of the project: providers disagree about
 * malformed keys and signatures, and two nodes that disagree split a chain.
 */
public final class Ed25519 implements Signatures {
    public static final Ed25519 VERIFIER = new Ed25519();
    public static final int KEY_BYTES = 32;
    public static final int SIGNATURE_BYTES = 64;

    private static final byte[] DERIVE_TAG = Bytes.utf8("qbc/derive/1").toArray();

    private Ed25519() {}

    /** A signer from the 32-byte secret seed. */
    public static Signer signer(byte[] seed) {
        byte[] secret = seed.clone();
        byte[] publicKey = new byte[KEY_BYTES];
        org.bouncycastle.math.ec.rfc8032.Ed25519.generatePublicKey(secret, 0, publicKey, 0);
        return new Keyed(Bytes.wrap(secret), Bytes.wrap(publicKey));
    }

    @Override
    public boolean verify(Bytes key, byte[] message, Bytes signature) {
        if (key.size() != KEY_BYTES || signature.size() != SIGNATURE_BYTES) {
            return false;
        }
        byte[] publicKey = key.toArray();
        byte[] signed = signature.toArray();
        return isOfPrimeOrder(publicKey)
                // The library's equation lets a part of small order in R pass; where both are of prime order it cannot.
                && isOfPrimeOrder(signed)
                && org.bouncycastle.math.ec.rfc8032.Ed25519.verify(signed, 0, publicKey, 0, message, 0, message.length);
    }

    /** Whether the first 32 bytes are the canonical encoding of a point of prime order, which the identity is not. */
    private static boolean isOfPrimeOrder(byte[] point) {
        return org.bouncycastle.math.ec.rfc8032.Ed25519.validatePublicKeyFull(point, 0);
    }

    private record Keyed(Bytes seed, Bytes key) implements Signer {
        @Override
        public Bytes sign(byte[] message) {
            byte[] signature = new byte[SIGNATURE_BYTES];
            org.bouncycastle.math.ec.rfc8032.Ed25519.sign(
                    seed.toArray(), 0, key.toArray(), 0, null, message, 0, message.length, signature, 0);
            return Bytes.wrap(signature);
        }

        @Override
        public Bytes derive(String label) {
            return Bytes.wrap(Sha256.of(DERIVE_TAG, seed, Bytes.utf8(label)).bytes());
        }

        /** Without the seed. */
        @Override
        public String toString() {
            return "the signer of " + key;
        }
    }
}
