package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.api.Meters;
import io.qbc.api.limits.BridgeMeter;
import java.util.ArrayList;
import java.util.List;

/** Snapshots of the metrics of the bridges to the event bus. */
final class BridgeSnapshots {
    private static final List<String> BRIDGES = List.of("tcp", "sockjs");
    private static final List<String> WHY = List.of("connections", "idle", "slow", "frame", "busy", "gone");

    private BridgeSnapshots() {}

    static List<MetricSnapshot> of(Meters meters) {
        List<GaugeDataPointSnapshot> open = new ArrayList<>();
        List<CounterDataPointSnapshot> messages = new ArrayList<>();
        List<CounterDataPointSnapshot> cut = new ArrayList<>();
        for (String name : BRIDGES) {
            BridgeMeter meter = meters.bridge(name);
            open.add(GaugeDataPointSnapshot.builder()
                    .labels(Labels.of("bridge", name))
                    .value((double) meter.connections().sum())
                    .build());
            messages.add(count("direction", "received", name, meter.received().sum()));
            messages.add(count("direction", "sent", name, meter.sent().sum()));
            WHY.forEach(why -> cut.add(count("reason", why, name, meter.cuts(why))));
        }
        return List.of(
                new GaugeSnapshot(
                        new MetricMetadata(
                                "qbc_bridge_connections", "Open connections of the bridges to the event bus."),
                        open),
                new CounterSnapshot(
                        new MetricMetadata("qbc_bridge_messages", "Messages over the bridges to the event bus."),
                        messages),
                new CounterSnapshot(
                        new MetricMetadata(
                                "qbc_bridge_cuts",
                                "Connections of the bridges that the node ended or did not let in, by why."),
                        cut));
    }

    private static CounterDataPointSnapshot count(String label, String value, String bridge, long count) {
        return CounterDataPointSnapshot.builder()
                .labels(Labels.of("bridge", bridge, label, value))
                .value((double) count)
                .build();
    }
}
