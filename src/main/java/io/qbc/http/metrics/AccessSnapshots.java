package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.jwt.JwtState;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Snapshots of the metrics of who calls. */
final class AccessSnapshots {
    private static final double SECOND_MILLIS = 1000;

    private AccessSnapshots() {}

    static List<MetricSnapshot> of(JwtState tokens) {
        return List.of(
                counter(
                        "qbc_tokens",
                        "Tokens of the identity provider that callers showed, by what became of them.",
                        tokens.results()),
                gauge("qbc_token_keys", "Keys of the identity provider that are known.", tokens.keys()),
                counter(
                        "qbc_token_key_refreshes",
                        "Readings of the identity provider's keys, by what became of them.",
                        new TreeMap<>(Map.of("read", tokens.refreshes(), "failed", tokens.failures()))),
                gauge(
                        "qbc_token_keys_read_timestamp_seconds",
                        "When the identity provider's keys were last read, 0 for never.",
                        tokens.refreshedAt().map(at -> at / SECOND_MILLIS).orElse(0.0)));
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                List.of(GaugeDataPointSnapshot.builder().value(value).build()));
    }

    private static MetricSnapshot counter(String name, String help, SortedMap<String, Long> results) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                results.entrySet().stream()
                        .map(result -> CounterDataPointSnapshot.builder()
                                .value(result.getValue())
                                .labels(Labels.of("result", result.getKey()))
                                .build())
                        .toList());
    }
}
