package io.qbc.bench.report;

import java.util.Optional;

/**
 * One measurement.
 *
 * @param ratio to the HTTP echo ceiling of the same run
 * @param usage of the process measured
 */
public record Row(
        String name,
        double figure,
        String unit,
        Optional<Double> ratio,
        Optional<Latency> latency,
        Optional<Usage> usage,
        String note) {

    public static Row of(String name, double figure, String unit) {
        return new Row(name, figure, unit, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    public Row ratio(double toCeiling) {
        return new Row(name, figure, unit, Optional.of(toCeiling), latency, usage, note);
    }

    public Row latency(Latency percentiles) {
        return new Row(name, figure, unit, ratio, Optional.of(percentiles), usage, note);
    }

    public Row usage(Usage used) {
        return new Row(name, figure, unit, ratio, latency, Optional.of(used), note);
    }

    public Row note(String text) {
        return new Row(name, figure, unit, ratio, latency, usage, text);
    }
}
