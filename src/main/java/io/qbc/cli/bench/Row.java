package io.qbc.cli.bench;

import java.util.Optional;

/**
 * One measurement.
 *
 * @param ratio to the HTTP echo ceiling of the same run
 * @param usage of the process measured
 */
record Row(
        String name,
        double figure,
        String unit,
        Optional<Double> ratio,
        Optional<Latency> latency,
        Optional<Usage> usage,
        String note) {

    static Row of(String name, double figure, String unit) {
        return new Row(name, figure, unit, Optional.empty(), Optional.empty(), Optional.empty(), "");
    }

    Row ratio(double toCeiling) {
        return new Row(name, figure, unit, Optional.of(toCeiling), latency, usage, note);
    }

    Row latency(Latency percentiles) {
        return new Row(name, figure, unit, ratio, Optional.of(percentiles), usage, note);
    }

    Row usage(Usage used) {
        return new Row(name, figure, unit, ratio, latency, Optional.of(used), note);
    }

    Row note(String text) {
        return new Row(name, figure, unit, ratio, latency, usage, text);
    }
}
