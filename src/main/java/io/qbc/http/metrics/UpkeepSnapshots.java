package io.qbc.http.metrics;

import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.bus.Catalogue.Projections;
import io.qbc.bus.Catalogue.RollupState;
import io.qbc.bus.Catalogue.ScrubState;
import io.qbc.bus.Catalogue.StoreState;
import io.qbc.bus.Catalogue.Subscriptions;
import java.util.List;
import java.util.Optional;

/** Snapshots of the metrics of what a node does for its own data: backups, and the check of all that is stored. */
final class UpkeepSnapshots {
    private static final double SECOND_MILLIS = 1000;

    private UpkeepSnapshots() {}

    /** What the store told of itself, its check, its backups and its figures; and what followers of chains told. */
    record Told(
            StoreState store,
            ScrubState scrub,
            BackupState backup,
            RollupState rollup,
            Subscriptions subscriptions,
            Projections projections) {}

    static List<MetricSnapshot> of(Told told) {
        ScrubState scrub = told.scrub();
        BackupState backup = told.backup();
        boolean running = backup.step() == BackupStep.COPYING || backup.step() == BackupStep.CHECKING;
        Optional<Long> complete = backup.finishedAt().filter(at -> backup.step() == BackupStep.DONE);
        return List.of(
                gauge("qbc_scrub_progress_ratio", "How much of the present check of the store is done.", scrub.share()),
                counter("qbc_scrub_read_bytes", "Bytes read for the check of the store.", (double) scrub.bytes()),
                gauge(
                        "qbc_scrub_finished_timestamp_seconds",
                        "When the last check of the whole store ended, 0 for never.",
                        seconds(scrub.finishedAt())),
                gauge("qbc_scrub_findings", "What the check found damaged; more than 0 is an alarm.", (double)
                        scrub.findings()),
                gauge("qbc_backup_running", "1 while a backup is made, else 0.", running ? 1 : 0),
                gauge(
                        "qbc_backup_failed",
                        "1 if the last backup failed, else 0.",
                        backup.step() == BackupStep.FAILED ? 1 : 0),
                gauge(
                        "qbc_backup_finished_timestamp_seconds",
                        "When the newest backup was complete and checked, 0 for never.",
                        seconds(complete)),
                gauge("qbc_analytics_behind_quants", "Quants that are not in the figures of their chain yet.", (double)
                        told.rollup().behind()));
    }

    private static double seconds(Optional<Long> millis) {
        return millis.map(at -> at / SECOND_MILLIS).orElse(0.0);
    }

    private static MetricSnapshot gauge(String name, String help, double value) {
        return new GaugeSnapshot(
                new MetricMetadata(name, help),
                List.of(GaugeDataPointSnapshot.builder().value(value).build()));
    }

    private static MetricSnapshot counter(String name, String help, double value) {
        return new CounterSnapshot(
                new MetricMetadata(name, help),
                List.of(CounterDataPointSnapshot.builder().value(value).build()));
    }
}
