package io.qbc.subscription;

import java.time.Duration;
import java.util.List;

/**
 * An event that was offered in vain where others go on beside it.
 *
 * @param leaf its leaf index
 * @param attempts how often it was offered
 * @param next when it is offered again, in milliseconds since 1970
 */
public record Retry(long leaf, long attempts, long next) {
    private static final double SPREAD = 0.2;

    /**
     * How long to wait after so many attempts, in milliseconds: a little longer by chance.
     *
     * @param chance 0 to 1
     */
    static long spread(List<Duration> schedule, long attempts, double chance) {
        long wait = schedule.get((int) attempts - 1).toMillis();
        return wait + (long) (chance * SPREAD * wait);
    }
}
