package io.qbc.api.jwt;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads single claims of a token (RFC 7519 section 4). */
final class Claims {
    /** Times beyond these are as good as for ever; milliseconds of them are still exact. */
    private static final long SECONDS_MAX = 1L << 40;

    private Claims() {}

    /** A claim of this name, or else what a path of names with dots leads to. */
    static Optional<Object> find(Map<?, ?> claims, String path) {
        if (claims.containsKey(path)) {
            return Optional.of(claims.get(path));
        }
        Object found = claims;
        for (String name : path.split("\\.", -1)) {
            if (!(found instanceof Map<?, ?> members) || !members.containsKey(name)) {
                return Optional.empty();
            }
            found = members.get(name);
        }
        return Optional.of(found);
    }

    /** Whether a claim is this text, or a list that has it. */
    static boolean names(Map<?, ?> claims, String claim, String text) {
        Object found = claims.get(claim);
        return text.equals(found) || (found instanceof List<?> items && items.contains(text));
    }

    /** A time in milliseconds since 1970; nothing if it is absent or no number. */
    static OptionalLong millis(Map<?, ?> claims, String claim) {
        Object found = claims.get(claim);
        if (found instanceof Long seconds) {
            return OptionalLong.of(bounded(seconds) * 1000);
        }
        if (found instanceof BigDecimal seconds) {
            // Compared before it is converted, as digits beyond measure would cost as much.
            boolean inside = seconds.abs().compareTo(BigDecimal.valueOf(SECONDS_MAX)) < 0;
            return OptionalLong.of(
                    inside ? seconds.movePointRight(3).longValue() : bounded(seconds.signum() * SECONDS_MAX) * 1000);
        }
        return OptionalLong.empty();
    }

    private static long bounded(long seconds) {
        return Math.max(-SECONDS_MAX, Math.min(SECONDS_MAX, seconds));
    }
}
