package io.qbc.ledger.analytics;

/**
 * A range of time in steps of one width, which begin at 1970 in UTC.
 *
 * @param from the beginning of the first step, in milliseconds since 1970
 * @param to the end of the last one
 * @param step the width of each in milliseconds, whole minutes
 */
public record TimeGrid(long from, long to, long step) {
    public TimeGrid {
        boolean aligned = Math.floorMod(from, step) == 0 && Math.floorMod(to, step) == 0;
        if (step % Grain.MINUTE.millis() != 0 || !aligned || to <= from) {
            throw new IllegalArgumentException("no steps of " + step + " from " + from + " to " + to);
        }
    }

    /** The steps that have a part of a range of time, which has more than nothing. */
    public static TimeGrid around(long from, long to, long step) {
        return new TimeGrid(Math.floorDiv(from, step) * step, -Math.floorDiv(-to, step) * step, step);
    }

    /** How many steps there are. */
    public long points() {
        return (to - from) / step;
    }

    /** The step that a time of the range is in. */
    public int index(long timeMillis) {
        return Math.toIntExact((timeMillis - from) / step);
    }

    /** When a step begins, in milliseconds since 1970. */
    public long time(int index) {
        return from + index * step;
    }

    /** The tallies of which the steps are made. */
    public Grain grain() {
        return Grain.of(step);
    }

    /** The number of the first span of its grain. */
    public long firstSpan() {
        return grain().number(from);
    }

    /** The number of the span behind the last one of its grain. */
    public long endSpan() {
        return grain().number(to);
    }
}
