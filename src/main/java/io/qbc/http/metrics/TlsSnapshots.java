package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.tls.TlsState;
import java.util.List;
import java.util.Optional;

/** Snapshots of the metrics of the API's certificate. */
final class TlsSnapshots {
    private static final double SECOND_MILLIS = 1000;

    private TlsSnapshots() {}

    static List<MetricSnapshot> of(Optional<TlsState> state) {
        return List.of(
                new GaugeSnapshot(
                        new MetricMetadata(
                                "qbc_tls_certificate_end_timestamp_seconds",
                                "When the certificate of the API ends, 0 without TLS."),
                        List.of(GaugeDataPointSnapshot.builder()
                                .value(state.map(TlsState::endsAt).orElse(0L) / SECOND_MILLIS)
                                .build())),
                new CounterSnapshot(
                        new MetricMetadata(
                                "qbc_tls_reloads", "Newer files of the certificate, by what became of them."),
                        List.of(
                                count("taken", state.map(TlsState::taken).orElse(0L)),
                                count("refused", state.map(TlsState::refused).orElse(0L)))));
    }

    private static CounterDataPointSnapshot count(String outcome, long count) {
        return CounterDataPointSnapshot.builder()
                .labels(Labels.of("outcome", outcome))
                .value((double) count)
                .build();
    }
}
