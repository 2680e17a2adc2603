package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.bus.Catalogue.Handshakes;
import io.qbc.bus.Catalogue.SessionTraffic;
import java.util.List;

/** Snapshots of the metrics of a node's sessions with its peers. */
final class SessionSnapshots {
    private SessionSnapshots() {}

    static List<MetricSnapshot> of(SessionTraffic sessions) {
        Handshakes handshakes = sessions.handshakes();
        return List.of(
                new GaugeSnapshot(
                        new MetricMetadata("qbc_peer_sessions", "Sessions with peers, by who opened them."),
                        List.of(gauge("incoming", sessions.incoming()), gauge("outgoing", sessions.outgoing()))),
                new CounterSnapshot(
                        new MetricMetadata("qbc_peer_handshakes", "Handshakes with peers, by what became of them."),
                        List.of(
                                counter("made", handshakes.made()),
                                counter("failed", handshakes.failed()),
                                counter("accepted", handshakes.accepted()),
                                counter("refused", handshakes.refused()),
                                counter("rationed", handshakes.rationed()))),
                new CounterSnapshot(
                        new MetricMetadata("qbc_peer_requests", "Requests of peers, by whether they were proved."),
                        List.of(counter("read", sessions.read()), counter("unread", sessions.unread()))));
    }

    private static GaugeDataPointSnapshot gauge(String direction, long value) {
        return GaugeDataPointSnapshot.builder()
                .value((double) value)
                .labels(Labels.of("direction", direction))
                .build();
    }

    private static CounterDataPointSnapshot counter(String result, long value) {
        return CounterDataPointSnapshot.builder()
                .value((double) value)
                .labels(Labels.of("result", result))
                .build();
    }
}
