package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.Projections;
import io.qbc.bus.Catalogue.RebuildState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** The metrics of projections, by the name of each, of which a node has {@code projections.max} at most. */
final class ProjectionSnapshots {
    private static final String NAME = "projection";
    private static final double SECOND_MILLIS = 1000;

    private ProjectionSnapshots() {}

    static List<MetricSnapshot> of(Projections found) {
        List<ProjectionState> all = found.projections();
        return List.of(
                states(all),
                gauge("qbc_projection_leaf", "How many transactions the tables have.", all, ProjectionState::leaf),
                gauge(
                        "qbc_projection_lag_transactions",
                        "How many more the chain has that may be projected.",
                        all,
                        ProjectionState::lagTransactions),
                gauge(
                        "qbc_projection_lag_seconds",
                        "Since when the oldest of them is there.",
                        all,
                        state -> state.lagMillis() / SECOND_MILLIS),
                gauge(
                        "qbc_projection_rebuild_ratio",
                        "How much of a rebuild is done; 1 while there is none.",
                        all,
                        state -> state.rebuild().map(RebuildState::ratio).orElse(1.0)),
                counter(
                        "qbc_projection_rows",
                        "Rows that were written since the start, those of rebuilds too.",
                        all,
                        ProjectionState::written),
                counter(
                        "qbc_projection_errors",
                        "How often the database failed since the start.",
                        all,
                        ProjectionState::errors));
    }

    private static MetricSnapshot states(List<ProjectionState> all) {
        List<GaugeDataPointSnapshot> points = new ArrayList<>();
        for (ProjectionState state : all) {
            for (ProjectionStatus status : ProjectionStatus.values()) {
                String name = status.name().toLowerCase(Locale.ROOT);
                points.add(GaugeDataPointSnapshot.builder()
                        .labels(Labels.of(NAME, state.name(), "state", name))
                        .value(state.status() == status ? 1 : 0)
                        .build());
            }
        }
        return new GaugeSnapshot(
                new MetricMetadata(
                        "qbc_projection_state",
                        "1 for the state that a projection is in, 0 for the others; one that is stopped is an alarm."),
                points);
    }

    private static MetricSnapshot gauge(
            String name, String help, List<ProjectionState> all, ToDoubleFunction<ProjectionState> value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                all.stream()
                        .map(state -> GaugeDataPointSnapshot.builder()
                                .labels(Labels.of(NAME, state.name()))
                                .value(value.applyAsDouble(state))
                                .build())
                        .toList());
    }

    private static MetricSnapshot counter(
            String name, String help, List<ProjectionState> all, ToDoubleFunction<ProjectionState> value) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                all.stream()
                        .map(state -> CounterDataPointSnapshot.builder()
                                .labels(Labels.of(NAME, state.name()))
                                .value(value.applyAsDouble(state))
                                .build())
                        .toList());
    }
}
