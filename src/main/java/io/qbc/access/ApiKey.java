package io.qbc.access;

import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * An API key as it is stored, without its secret. Times are milliseconds since 1970.
 *
 * @param scope what the idempotency keys of its caller belong to
 * @param digest of the secret
 * @param former the secret before the last rotation, as long as it still counts
 */
public record ApiKey(
        String id,
        String name,
        List<Grant> grants,
        String scope,
        long madeAt,
        OptionalLong expiresAt,
        Hash digest,
        Optional<Former> former) {
    /** How many random bytes become an id, and how many a secret. */
    public static final int ID_BYTES = 6;

    public static final int SECRET_BYTES = 32;

    /** What people may call a key. */
    public static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private static final String PREFIX = "qbc_";

    public ApiKey {
        grants = List.copyOf(grants);
    }

    /** A secret that was replaced. */
    public record Former(Hash digest, long until) {}

    /** An API key as its owner has it, {@code qbc_ID_SECRET}. */
    public record Token(String id, String secret) {
        /** A token of random bytes, {@link #ID_BYTES} and {@link #SECRET_BYTES}. */
        public static Token of(byte[] id, byte[] secret) {
            return new Token(HexFormat.of().formatHex(id), HexFormat.of().formatHex(secret));
        }

        /** Another secret for the same id. */
        public static Token of(String id, byte[] secret) {
            return new Token(id, HexFormat.of().formatHex(secret));
        }

        /** Reads a token; nothing if it has another form. */
        public static Optional<Token> parse(String text) {
            int end = PREFIX.length() + 2 * ID_BYTES;
            boolean formed =
                    text.length() == end + 1 + 2 * SECRET_BYTES && text.startsWith(PREFIX) && text.charAt(end) == '_';
            return formed
                    ? Optional.of(new Token(text.substring(PREFIX.length(), end), text.substring(end + 1)))
                    : Optional.empty();
        }

        Hash digest() {
            return Sha256.of(secret.getBytes(StandardCharsets.ISO_8859_1));
        }

        public String text() {
            return PREFIX + id + "_" + secret;
        }
    }

    /** A new key. */
    public static ApiKey made(Token token, Request request, long now) {
        OptionalLong expires = request.lifeMillis().isPresent()
                ? OptionalLong.of(now + request.lifeMillis().getAsLong())
                : OptionalLong.empty();
        return new ApiKey(
                token.id(),
                request.name(),
                request.grants(),
                request.scope(),
                now,
                expires,
                token.digest(),
                Optional.empty());
    }

    /**
     * What somebody wants a new key to be.
     *
     * @param scope what the idempotency keys of its caller belong to
     */
    public record Request(String name, List<Grant> grants, OptionalLong lifeMillis, String scope) {
        public Request {
            grants = List.copyOf(grants);
        }

        /** With its name as its scope. */
        public Request(String name, List<Grant> grants, OptionalLong lifeMillis) {
            this(name, grants, lifeMillis, name);
        }

        /** What is wrong with it; empty if nothing is. */
        public Optional<String> fault() {
            if (!NAME.matcher(name).matches()) {
                return Optional.of("a name has 1 to 64 letters, digits, '.', '_' and '-' and begins with one of the"
                        + " first two");
            }
            if (!NAME.matcher(scope).matches()) {
                return Optional.of("a scope has the same form as a name");
            }
            return grants.isEmpty() ? Optional.of("a key needs a role at least") : Optional.empty();
        }
    }

    /** The same key with another secret; the one before counts for some time more. */
    ApiKey rotated(Token token, long now, long graceMillis) {
        Optional<Former> kept = graceMillis > 0 ? Optional.of(new Former(digest, now + graceMillis)) : Optional.empty();
        return new ApiKey(id, name, grants, scope, madeAt, expiresAt, token.digest(), kept);
    }

    public boolean isExpired(long now) {
        return expiresAt.isPresent() && now >= expiresAt.getAsLong();
    }

    Caller caller() {
        return new Caller(id, name, grants, scope, Proof.KEY);
    }
}
