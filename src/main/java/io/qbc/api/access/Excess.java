package io.qbc.api.access;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/**
 * A request beyond a limit.
 *
 * @param of whose limit it is, {@code key}, {@code token}, {@code address} or {@code failures}
 * @param seconds until the next one may come
 * @param rate requests a second; 0 for a limit that is no rate
 * @param burst requests at once
 */
public record Excess(String of, long seconds, int rate, int burst) {
    private static final long SECOND_NANOS = 1_000_000_000L;

    static Excess of(String of, long waitNanos, int rate, int burst) {
        return new Excess(of, Math.max(1, (waitNanos + SECOND_NANOS - 1) / SECOND_NANOS), rate, burst);
    }

    public Refusal refusal() {
        return Reason.RATE_LIMITED.refusal(
                rate == 0
                        ? "too many credentials of this address were wrong; the next one may be tried in " + seconds
                                + " s"
                        : (of.equals("address") ? "an " : "a ") + of + " has " + rate + " requests a second, " + burst
                                + " at once");
    }

    /** The field {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10). */
    public String field() {
        return '"' + of + "\";r=0;t=" + seconds;
    }

    /** The field {@code RateLimit-Policy}; the window is the time in which a burst is whole again. */
    public String policy() {
        return rate == 0
                ? '"' + of + "\";q=1;w=" + seconds
                : '"' + of + "\";q=" + burst + ";w=" + Math.max(1, (burst + rate - 1) / rate);
    }
}
