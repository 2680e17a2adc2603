package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.audit.AuditTrail;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of the metrics of the audit trail. */
final class AuditSnapshots {
    private AuditSnapshots() {}

    static List<MetricSnapshot> of(AuditTrail trail) {
        List<CounterDataPointSnapshot> written = new ArrayList<>();
        trail.written()
                .forEach((event, count) -> written.add(CounterDataPointSnapshot.builder()
                        .labels(Labels.of("event", event))
                        .value((double) count.sum())
                        .build()));
        return List.of(
                new CounterSnapshot(
                        new MetricMetadata("qbc_audit_entries", "Entries of the audit trail that were written."),
                        written),
                counter("qbc_audit_refused", "What was not done since it could not be recorded.", trail.refused()),
                counter("qbc_audit_lost", "Entries of the audit trail that were given up.", trail.lost()),
                new GaugeSnapshot(
                        new MetricMetadata(
                                "qbc_audit_waiting", "Entries that wait until the audit trail can be written."),
                        List.of(GaugeDataPointSnapshot.builder()
                                .value(trail.waiting())
                                .build())));
    }

    private static MetricSnapshot counter(String name, String help, long value) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                List.of(CounterDataPointSnapshot.builder().value((double) value).build()));
    }
}
