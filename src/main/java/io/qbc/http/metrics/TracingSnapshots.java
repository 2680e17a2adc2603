package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.tracing.TracingCounts;
import java.util.List;

/** Snapshots of the metrics of tracing. */
final class TracingSnapshots {
    private TracingSnapshots() {}

    static List<MetricSnapshot> of(TracingCounts counts) {
        return List.of(
                new CounterSnapshot(
                        new MetricMetadata(
                                "qbc_tracing_spans",
                                "Spans that the collector took or did not take, and for which there was no room."),
                        List.of(
                                count(
                                        Labels.of("outcome", "exported"),
                                        counts.exported().sum()),
                                count(
                                        Labels.of("outcome", "failed"),
                                        counts.failed().sum()),
                                count(
                                        Labels.of("outcome", "dropped"),
                                        counts.dropped().sum()))),
                new CounterSnapshot(
                        new MetricMetadata(
                                "qbc_tracing_unfollowed",
                                "Traced transactions for which there was no place to follow them into the chain."),
                        List.of(count(Labels.EMPTY, counts.unfollowed().sum()))),
                new CounterSnapshot(
                        new MetricMetadata(
                                "qbc_tracing_forgotten",
                                "Traces of transactions and quants that gave way to newer ones."),
                        List.of(count(Labels.EMPTY, counts.forgotten().sum()))),
                new GaugeSnapshot(
                        new MetricMetadata(
                                "qbc_tracing_following", "Traced transactions that wait for a quant at present."),
                        List.of(GaugeDataPointSnapshot.builder()
                                .value((double) counts.following().get())
                                .build())));
    }

    private static CounterDataPointSnapshot count(Labels labels, long count) {
        return CounterDataPointSnapshot.builder()
                .labels(labels)
                .value((double) count)
                .build();
    }
}
