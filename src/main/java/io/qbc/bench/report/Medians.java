package io.qbc.bench.report;

import java.util.List;

/** The value in the middle. */
public final class Medians {
    private Medians() {}

    public static double of(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.get(sorted.size() / 2);
    }
}
