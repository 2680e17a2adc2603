package io.qbc.bench.load;

import java.time.Duration;

/** The rounds of a load in which compiled code takes the place of interpreted one: until they get no faster. */
public final class WarmUp {
    /** How long a round lasts. */
    public static final Duration ROUND = Duration.ofSeconds(2);

    private static final int ROUNDS_MAX = 40;
    /** So many rounds one after the other must bring nothing any more. */
    private static final int ROUNDS_LEVEL = 3;
    /** What counts as faster; less is noise. */
    private static final double FASTER_FACTOR = 1.02;

    private int rounds;
    private int level;
    private double best;

    /** Whether another round is to follow. */
    public boolean goesOn() {
        return rounds < ROUNDS_MAX && level < ROUNDS_LEVEL;
    }

    /** Takes the successes a second of a round. */
    public void ran(double rate) {
        rounds++;
        level = rate > best * FASTER_FACTOR ? 0 : level + 1;
        best = Math.max(best, rate);
    }
}
