package io.qbc.front;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.qbc.api.Answer;
import io.qbc.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** The figures of a front end. */
final class FrontMetrics {
    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Counter requests = Counter.builder()
            .name("qbc_front_requests_total")
            .help("Requests that were passed to nodes and answered, by status.")
            .labelNames("code")
            .register(registry);
    private final Counter failed = Counter.builder()
            .name("qbc_front_failures_total")
            .help("Requests that no node answered, by reason.")
            .labelNames("reason")
            .register(registry);
    private final Counter passed = Counter.builder()
            .name("qbc_front_nodes_passed_total")
            .help("Times that a node did not take a connection and the next one was asked.")
            .register(registry);
    private final Gauge inProgress = Gauge.builder()
            .name("qbc_front_requests_in_progress")
            .help("Requests and streams that nodes are answering.")
            .register(registry);
    private final Gauge nodes = Gauge.builder()
            .name("qbc_front_nodes")
            .help("Nodes of the cluster that served at the last look.")
            .register(registry);

    FrontMetrics() {
        JvmMetrics.builder().register(registry);
    }

    void answered(int status) {
        requests.labelValues(Integer.toString(status)).inc();
    }

    void failed(String reason) {
        failed.labelValues(reason).inc();
    }

    void passedOver() {
        passed.inc();
    }

    void began() {
        inProgress.inc();
    }

    void ended() {
        inProgress.dec();
    }

    void serving(int count) {
        nodes.set(count);
    }

    /** The page in the text format of Prometheus. */
    Answer page() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Answer.of(200, PrometheusTextFormatWriter.CONTENT_TYPE, Bytes.wrap(out.toByteArray()));
    }
}
