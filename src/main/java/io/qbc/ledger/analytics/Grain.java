package io.qbc.ledger.analytics;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The width of the spans of time of which tallies are kept; all begin at 1970 in UTC. */
public enum Grain {
    MINUTE(60_000L),
    HOUR(3_600_000L),
    DAY(86_400_000L);

    private final long millis;

    Grain(long millis) {
        this.millis = millis;
    }

    public long millis() {
        return millis;
    }

    /** The name that callers write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Grain> of(String word) {
        return Arrays.stream(values())
                .filter(grain -> grain.word().equals(word))
                .findFirst();
    }

    /** The number of the span that a time is in, in milliseconds since 1970. */
    public long number(long timeMillis) {
        return Math.floorDiv(timeMillis, millis);
    }

    /** The widest of which whole ones make a step; a step is whole minutes. */
    public static Grain of(long stepMillis) {
        return stepMillis % DAY.millis == 0 ? DAY : stepMillis % HOUR.millis == 0 ? HOUR : MINUTE;
    }
}
