package io.qbc.schema;

import java.util.function.BooleanSupplier;

/**
 * A budget of steps, which stand for what judging looks at. They are counted and not timed, so that every node stops at
 * the same one; {@code protocol.md} says what counts.
 */
final class Steps {
    private static final long BASE = 100_000;
    private static final long EACH_BYTE = 64;
    private static final long CHECK_EACH = 8192;

    private final BooleanSupplier abandoned;
    private long left;
    private long checkAt;

    private Steps(long left, BooleanSupplier abandoned) {
        this.left = left;
        this.abandoned = abandoned;
        this.checkAt = left - CHECK_EACH;
    }

    /** The value costs more than any reasonable rule needs. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted() {
            super("it takes too many steps to check", null, false, false);
        }
    }

    /** Nobody waits for the answer any more. */
    static final class Abandoned extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("nobody waits for it any more", null, false, false);
        }
    }

    /** What judging so many bytes of JSON may cost. */
    static long budget(int bytes) {
        return BASE + EACH_BYTE * bytes;
    }

    /** @param abandoned is asked now and then whether the judgement is still wanted */
    static Steps of(long budget, BooleanSupplier abandoned) {
        return new Steps(budget, abandoned);
    }

    long left() {
        return left;
    }

    void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new Exhausted();
        }
        if (left < checkAt) {
            checkAt = left - CHECK_EACH;
            if (abandoned.getAsBoolean()) {
                throw new Abandoned();
            }
        }
    }
}
