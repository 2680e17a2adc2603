package io.qbc.http.metrics;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.jwt.JwtState;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.FindOrphans;
import io.qbc.http.server.MediaTypes;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** The page that Prometheus reads (text exposition format 0.0.4): the node's own metrics, and those of its JVM. */
public final class MetricsPage {
    private static final int PAGE_BYTES = 32 * 1024;

    private final Vertx vertx;
    private final Verbs verbs;
    private final ApiContext api;

    public MetricsPage(Vertx vertx, Verbs verbs, ApiContext api) {
        this.vertx = vertx;
        this.verbs = verbs;
        this.api = api;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** The page as things are now; reading what the JVM and the system tell may block, so a worker does it. */
    public Future<Answer> page() {
        return verbs.directory()
                .all()
                .compose(all -> told(all.chains()))
                .compose(told -> vertx.executeBlocking(() -> write(snapshots(told)), false))
                .map(text -> Answer.of(200, MediaTypes.METRICS, text));
    }

    private Future<NodeSnapshots.Told> told(List<Chain> chains) {
        return verbs.chains()
                .pools(chains)
                .compose(pools -> Future.all(
                                verbs.node().known(),
                                verbs.node().store(),
                                verbs.node().scrub(),
                                verbs.backups().last(),
                                verbs.bus().ask(Catalogue.FIND_ORPHANS, new FindOrphans()),
                                verbs.node().peerView(),
                                verbs.analytics().state(),
                                verbs.subscriptions().all(),
                                verbs.projections().all())
                        .map(told -> new NodeSnapshots.Told(
                                chains,
                                pools,
                                new NodeSnapshots.Network(
                                        told.resultAt(0),
                                        told.resultAt(4),
                                        told.resultAt(5),
                                        verbs.node().exposed().size()),
                                new UpkeepSnapshots.Told(
                                        told.resultAt(1),
                                        told.resultAt(2),
                                        told.resultAt(3),
                                        told.resultAt(6),
                                        told.resultAt(7),
                                        told.resultAt(8)))));
    }

    private List<MetricSnapshot> snapshots(NodeSnapshots.Told told) {
        List<MetricSnapshot> all = new ArrayList<>(NodeSnapshots.of(api.meters(), api.limits(), told));
        all.addAll(SubscriptionSnapshots.of(told.upkeep().subscriptions(), api.meters()));
        all.addAll(ProjectionSnapshots.of(told.upkeep().projections()));
        all.addAll(AuditSnapshots.of(api.access().audit()));
        all.addAll(TlsSnapshots.of(api.tls().state()));
        all.add(cluster());
        all.addAll(BridgeSnapshots.of(api.meters()));
        all.addAll(TracingSnapshots.of(api.tracing().counts()));
        all.addAll(AccessSnapshots.of(verbs.node().tokens().orElse(JwtState.NONE)));
        return all;
    }

    private static Bytes write(List<MetricSnapshot> own) {
        List<MetricSnapshot> all = new ArrayList<>(own);
        Jvm.REGISTRY.scrape().forEach(all::add);
        ByteArrayOutputStream text = new ByteArrayOutputStream(PAGE_BYTES);
        try {
            PrometheusTextFormatWriter.create().write(text, new MetricSnapshots(all));
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return Bytes.wrap(text.toByteArray());
    }

    /** The metrics of the JVM, of which a process has one; registered when the first page is asked for. */
    private static final class Jvm {
        static final PrometheusRegistry REGISTRY = new PrometheusRegistry();

        static {
            JvmMetrics.builder().register(REGISTRY);
        }
    }

    private MetricSnapshot cluster() {
        return new GaugeSnapshot(
                new MetricMetadata(
                        "qbc_cluster_members",
                        "Members of the cluster of event buses, this one among them; 0 without one."),
                List.of(GaugeDataPointSnapshot.builder()
                        .value(api.cluster().members())
                        .build()));
    }
}
