package io.qbc.bench.report;

import org.HdrHistogram.Histogram;

/** Percentiles of latency in milliseconds. */
public record Latency(double p50, double p99, double p999) {
    /** The percentiles of a histogram of nanoseconds. */
    public static Latency of(Histogram nanos) {
        return new Latency(
                nanos.getValueAtPercentile(50) / 1e6,
                nanos.getValueAtPercentile(99) / 1e6,
                nanos.getValueAtPercentile(99.9) / 1e6);
    }
}
