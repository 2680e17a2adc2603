package io.qbc.protocol.session;

import java.util.Arrays;

/**
 * A window over the numbers of a session's requests: each is taken once, in any order, but for those that lie further
 * behind the highest one than the window is wide.
 */
final class ReplayWindow {
    /** Calls under way at once are far fewer, so that none is overtaken by so many. */
    static final int WIDTH = 4096;

    private final long[] taken = new long[WIDTH / Long.SIZE];
    private long highest;

    /** Takes a number; false if it was taken before, or may have been. */
    boolean take(long number) {
        if (number <= 0 || number <= highest - WIDTH) {
            return false;
        }
        if (number > highest) {
            clear(number);
            highest = number;
        }
        int place = (int) (number % WIDTH);
        long bit = 1L << (place % Long.SIZE);
        boolean fresh = (taken[place / Long.SIZE] & bit) == 0;
        taken[place / Long.SIZE] |= bit;
        return fresh;
    }

    /** The places of the numbers between the highest one and a higher one stood for numbers that are behind now. */
    private void clear(long number) {
        if (number - highest >= WIDTH) {
            Arrays.fill(taken, 0);
            return;
        }
        for (long passed = highest + 1; passed <= number; passed++) {
            int place = (int) (passed % WIDTH);
            taken[place / Long.SIZE] &= ~(1L << (place % Long.SIZE));
        }
    }
}
