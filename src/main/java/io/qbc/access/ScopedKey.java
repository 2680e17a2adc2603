package io.qbc.access;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Sha256;
import io.qbc.model.Transaction;
import java.util.Optional;

/**
 * An idempotency key as it stands in a transaction that a node makes for a caller: {@code fe}, the caller's scope with
 * its length before it, and the key. No text in UTF-8 begins with {@code fe}, and the length says where the scope ends,
 * so no two pairs of scope and key are the same bytes, nor is any of them a key without a scope.
 */
public final class ScopedKey {
    /** What a key with a scope begins with. */
    public static final byte MARK = (byte) 0xfe;

    /** A scope of more bytes stands there as its SHA-256, after {@link #HASHED} in the place of a length. */
    public static final int SCOPE_BYTES_MAX = 64;

    private static final int HASHED = 0xff;
    private static final int HEAD_BYTES = 2;

    /** Bytes that the caller's own part may have: as many for a short scope as for a long one. */
    private static final int KEY_BYTES_MAX = Transaction.KEY_BYTES_MAX - HEAD_BYTES - SCOPE_BYTES_MAX;

    private ScopedKey() {}

    /** How many bytes a caller's key may have. */
    public static int bytesMax(String scope) {
        return scope.isEmpty() ? Transaction.KEY_BYTES_MAX : KEY_BYTES_MAX;
    }

    /** A caller's key as it stands in the body; as it is, if the caller has no scope. */
    public static Bytes of(String scope, Bytes key) {
        return scope.isEmpty() ? key : before(scope, key.size()).raw(key).toBytes();
    }

    /** What a caller with a scope gave as the key that stands in a body; nothing if it is not one of its own. */
    public static Optional<Bytes> own(String scope, Bytes key) {
        Bytes before = before(scope, 0).toBytes();
        boolean own = key.size() > before.size() && key.slice(0, before.size()).equals(before);
        return own ? Optional.of(key.slice(before.size(), key.size() - before.size())) : Optional.empty();
    }

    private static Encoder before(String scope, int more) {
        Bytes name = Bytes.utf8(scope);
        Encoder out = new Encoder(HEAD_BYTES + Math.min(name.size(), SCOPE_BYTES_MAX) + more).u8(MARK);
        return name.size() <= SCOPE_BYTES_MAX
                ? out.u8(name.size()).raw(name)
                : out.u8(HASHED).hash(Sha256.of(name.toArray()));
    }
}
