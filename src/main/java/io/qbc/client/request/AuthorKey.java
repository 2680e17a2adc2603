package io.qbc.client.request;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;

/**
 * An author's Ed25519 key, which never leaves the caller: transactions that it signs are its own on every node.
 *
 * <pre>{@code
 * AuthorKey author = AuthorKey.read(Path.of("data/keys/alice.key"));   // made by: qbc keys new --name alice
 * client.inject("main", TransactionRequest.json("{\"n\":1}").signedBy(author));
 * }</pre>
 */
public final class AuthorKey {
    private static final int SEED_BYTES = 32;
    private static final int KEY_BYTES = 32;

    private final PrivateKey secret;
    private final Bytes key;

    private AuthorKey(KeyPair pair) {
        secret = pair.getPrivate();
        key = raw(pair.getPublic());
    }

    /** The key of a seed of 32 bytes, which is its secret. */
    public static AuthorKey ofSeed(byte[] seed) {
        if (seed.length != SEED_BYTES) {
            throw new IllegalArgumentException("a seed has " + SEED_BYTES + " bytes");
        }
        return new AuthorKey(pair(new Seeded(seed.clone())));
    }

    /** A new key, whose secret nobody else can know, and which is lost with this object. */
    public static AuthorKey fresh() {
        return new AuthorKey(pair(new SecureRandom()));
    }

    /** Reads a file with a seed in 64 hexadecimal digits, as {@code qbc keys new} makes them. Blocks. */
    public static AuthorKey read(Path file) {
        try {
            return ofSeed(Hash.parse(Files.readString(file).strip())
                    .orElseThrow(() -> new IllegalArgumentException(file + " must hold 64 hexadecimal digits"))
                    .bytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The public key, 32 bytes. */
    public Bytes key() {
        return key;
    }

    /** The signature of a message, 64 bytes. */
    public Bytes sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(secret);
            signature.update(message);
            return Bytes.wrap(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK cannot sign with an Ed25519 key", e);
        }
    }

    private static KeyPair pair(SecureRandom random) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, random);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK has no Ed25519", e);
        }
    }

    /** The last 32 bytes of the key's structure (RFC 8410 section 4). */
    private static Bytes raw(PublicKey key) {
        byte[] encoded = key.getEncoded();
        return Bytes.wrap(Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "the author " + key;
    }

    /** What a key is made of where the seed is given: the JDK takes the seed alone from here. */
    private static final class Seeded extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] seed;

        Seeded(byte[] seed) {
            this.seed = seed;
        }

        @Override
        public void nextBytes(byte[] bytes) {
            if (bytes.length != seed.length) {
                throw new IllegalStateException("the JDK makes Ed25519 keys of something else than a seed");
            }
            System.arraycopy(seed, 0, bytes, 0, bytes.length);
        }
    }
}
