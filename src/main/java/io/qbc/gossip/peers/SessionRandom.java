package io.qbc.gossip.peers;

import io.qbc.model.Bytes;
import java.security.SecureRandom;

/** A source of bytes that nobody can foresee, for what makes sessions. */
final class SessionRandom {
    private final SecureRandom random = new SecureRandom();

    Bytes bytes(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
