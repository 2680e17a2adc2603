package io.qbc.subscription.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * When a delivery that failed is tried again: after the pauses that Standard Webhooks advises, each up to a tenth
 * longer by chance, so that receivers that come back are not called by everybody at once.
 */
public final class RetrySchedule {
    /** At once, 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h and 24 h: about three days in all. */
    public static final List<Duration> STANDARD = List.of(
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofMinutes(5),
            Duration.ofMinutes(30),
            Duration.ofHours(2),
            Duration.ofHours(5),
            Duration.ofHours(10),
            Duration.ofHours(14),
            Duration.ofHours(20),
            Duration.ofHours(24));

    private static final double JITTER = 0.1;

    private final List<Duration> pauses;
    private final Random random;

    /** @param random for the jitter */
    public RetrySchedule(List<Duration> pauses, Random random) {
        this.pauses = List.copyOf(pauses);
        this.random = random;
    }

    /**
     * The pause before the next attempt; nothing if there is none.
     *
     * @param failures attempts that failed so far, one after the other
     */
    public Optional<Duration> pause(int failures) {
        if (failures >= pauses.size()) {
            return Optional.empty();
        }
        Duration pause = pauses.get(failures);
        return Optional.of(pause.plusMillis((long) (pause.toMillis() * JITTER * random.nextDouble())));
    }
}
