package io.qbc.bench.report;

/**
 * A promise about speed and whether this run kept it.
 *
 * @param bar what is promised, for people
 */
public record Bar(String name, String bar, double figure, boolean holds) {
    public static Bar atLeast(String name, double figure, double least, String unit) {
        return new Bar(name, "at least " + Table.number(least) + unit(unit), figure, figure >= least);
    }

    public static Bar below(String name, double figure, double limit, String unit) {
        return new Bar(name, "below " + Table.number(limit) + unit(unit), figure, figure < limit);
    }

    private static String unit(String unit) {
        return unit.isEmpty() ? "" : " " + unit;
    }
}
