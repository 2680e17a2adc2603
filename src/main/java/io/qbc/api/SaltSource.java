package io.qbc.api;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * A source of unguessable bytes at the cost of one hash: H(secret ‖ counter), the secret drawn once from the system.
 * Each instance of the API has its own, so that no lock is shared.
 */
public final class SaltSource {
    private static final int SECRET_BYTES = 32;

    private final byte[] secretAndCounter = new byte[SECRET_BYTES + Long.BYTES];
    private final ByteBuffer counter = ByteBuffer.wrap(secretAndCounter);
    private long used;

    SaltSource(byte[] secret) {
        System.arraycopy(secret, 0, secretAndCounter, 0, SECRET_BYTES);
    }

    /** A source with a secret of its own. */
    public static SaltSource secret() {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        return new SaltSource(secret);
    }

    /** The next 32 bytes. */
    Bytes next() {
        counter.putLong(SECRET_BYTES, used++);
        Hash hash = Sha256.of(secretAndCounter, 0, secretAndCounter.length);
        return Bytes.wrap(hash.bytes());
    }
}
