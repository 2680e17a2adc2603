package io.qbc.api.access;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/**
 * A request beyond a limit.
 *
 * @param of whose limit it is, {@code key}, {@code address}, {@code failures}, {@code key-streams} or
 *     {@code key-connections}
 * @param seconds until the next one may come
 * @param policy what the limit is, as the field {@code RateLimit-Policy} has it
 * @param detail the same for people
 */
public record Excess(String of, long seconds, String policy, String detail) {
    private static final long SECOND_NANOS = 1_000_000_000L;

    /** Beyond a rate; of wrong credentials, if it is 0. */
    static Excess of(String of, long waitNanos, int rate, int burst) {
        long seconds = Math.max(1, (waitNanos + SECOND_NANOS - 1) / SECOND_NANOS);
        String detail = rate == 0
                ? "too many credentials of this address were wrong; the next one may be tried in " + seconds + " s"
                : "a" + (of.equals("address") ? "n address" : " key") + " has " + rate + " requests a second, " + burst
                        + " at once";
        String policy = rate == 0 ? Quota.window(of, 1, seconds) : Quota.policy(of, rate, burst);
        return new Excess(of, seconds, policy, detail);
    }

    /** Beyond how many of something a key may have at once. */
    public static Excess held(String what, int most) {
        return new Excess(
                "key-" + what,
                1,
                "\"key-" + what + "\";q=" + most + ";qu=\"concurrent-requests\"",
                "a key has " + most + " " + what + " at once");
    }

    public Refusal refusal() {
        return Reason.RATE_LIMITED.refusal(detail);
    }

    /** The field {@code RateLimit} (draft-ietf-httpapi-ratelimit-headers-10). */
    public String field() {
        return Quota.field(of, 0, seconds);
    }
}
