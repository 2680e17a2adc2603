package io.qbc.ledger.leap;

import io.qbc.ledger.Pool;
import java.util.OptionalLong;

/** The policy of a chain's leaps by itself: one when enough waits, or something waits long enough; one at a time. */
final class AutoLeap {
    private static final long REST_MILLIS_MIN = 1000;

    private final LeapPolicy policy;
    private final Pool pool;
    private boolean leaping;
    private OptionalLong restingSince = OptionalLong.empty();

    AutoLeap(LeapPolicy policy, Pool pool) {
        this.policy = policy;
        this.pool = pool;
    }

    /** Whether it is time for a leap. */
    boolean due(long now) {
        if (restingSince.isPresent() && rested(restingSince.getAsLong(), now)) {
            restingSince = OptionalLong.empty();
            leaping = false;
        }
        return !leaping
                && (full()
                        || (ripens()
                                && pool.oldest()
                                        .filter(since -> now - since >= policy.ageMillis())
                                        .isPresent()));
    }

    private boolean full() {
        return (policy.transactions() > 0 && pool.transactions() >= policy.transactions())
                || (policy.bytes() > 0 && pool.bytes() >= policy.bytes());
    }

    private boolean ripens() {
        return policy.ageMillis() > 0;
    }

    private long restMillis() {
        return Math.max(REST_MILLIS_MIN, policy.ageMillis());
    }

    /** A clock that was set back says nothing about how long it rests. */
    private boolean rested(long since, long now) {
        return now < since || now - since >= restMillis();
    }

    /** When to look again, without anything new that waits. */
    OptionalLong next() {
        if (restingSince.isPresent()) {
            return OptionalLong.of(restingSince.getAsLong() + restMillis());
        }
        return leaping || !ripens()
                ? OptionalLong.empty()
                : pool.oldest()
                        .map(since -> OptionalLong.of(since + policy.ageMillis()))
                        .orElse(OptionalLong.empty());
    }

    void begun() {
        leaping = true;
    }

    void leaped() {
        leaping = false;
    }

    /** A leap that is refused now is tried again after a while, not in a circle. */
    void refused(long now) {
        restingSince = OptionalLong.of(now);
    }
}
