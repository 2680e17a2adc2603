package io.qbc.api.access;

/**
 * A quota that a caller has left, as the fields {@code RateLimit} and {@code RateLimit-Policy} tell it
 * (draft-ietf-httpapi-ratelimit-headers-10).
 */
public record Quota(String field, String policy) {
    /** Of two limits, both. */
    Quota and(Quota other) {
        return new Quota(field + ", " + other.field, policy + ", " + other.policy);
    }

    /** @param seconds until the whole quota is there again */
    static String field(String of, long left, long seconds) {
        return '"' + of + "\";r=" + left + ";t=" + seconds;
    }

    /** A policy of requests a second with a burst; the window is the time in which a burst is whole again. */
    static String policy(String of, int rate, int burst) {
        return window(of, burst, Math.max(1L, (burst + (long) rate - 1) / rate));
    }

    static String window(String of, int quota, long seconds) {
        return '"' + of + "\";q=" + quota + ";w=" + seconds;
    }
}
