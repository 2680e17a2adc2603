package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.tracing.OtlpReceiver;
import io.qbc.tracing.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Traces of the built jar, as a collector gets them. */
class TracingIT {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String CALLER = "b7ad6b7169203331";
    private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";

    @TempDir
    Path directory;

    private final OtlpReceiver receiver = OtlpReceiver.start();

    @AfterEach
    void end() {
        receiver.close();
    }

    private static Plan traced(Plan plan, String endpoint) {
        return plan.environment("QBC_TRACING_ENABLED", "true")
                .environment("QBC_TRACING_ENDPOINT", endpoint)
                .environment("QBC_TRACING_DELAY", "20ms");
    }

    @Test
    @DisplayName("a transaction of two nodes is one tree, from the caller's span to the commit at the other node")
    void aTreeOverTwoNodes() {
        try (Network network = Network.start(directory, 2, plan -> traced(plan, receiver.endpoint()))) {
            network.make("orders", "{\"engine\":\"dbc\"}");
            ChainClient orders = network.chain(0, "orders");
            orders.inject("{\"secret\":\"for nobody\"}", "traceparent", PARENT, "Idempotency-Key", "key-of-mine")
                    .expect(202);
            receiver.awaitSpan(TRACE, "receive transactions");
            orders.leap().expect(201);
            network.awaitQuiet("orders");
            ReceivedSpan there = receiver.awaitSpan(TRACE, "receive quant", network.key(1));
            ReceivedSpan inject = receiver.awaitSpan(TRACE, "inject");
            ReceivedSpan leap = receiver.awaitSpan(TRACE, "leap");
            receiver.awaitSpan(TRACE, "commit");
            assertThat(inject.parentId()).isEqualTo(CALLER);
            assertThat(leap.parentId()).isEqualTo(inject.spanId());
            assertThat(receiver.isBelow(there, leap)).isTrue();
            assertThat(inject.node()).isEqualTo(network.key(0));
            // The announcing span ends with the answer, after what it led to.
            Await.until(
                    "the spans of both nodes are here",
                    () -> names().containsAll(List.of(
                            "inject",
                            "persist",
                            "pool",
                            "leap",
                            "seal",
                            "commit",
                            "announce transactions",
                            "receive transactions",
                            "announce quant",
                            "receive quant")));
            Await.asserted(
                    "all is below the inject",
                    () -> assertThat(receiver.spans().stream()
                                    .filter(span -> span.traceId().equals(TRACE)))
                            .allSatisfy(span -> assertThat(span.equals(inject) || receiver.isBelow(span, inject))
                                    .as(span.toString())
                                    .isTrue()));
            network.stop();
        }
        assertThat(receiver.text()).doesNotContain("for nobody", "key-of-mine");
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        receiver.spans().stream().filter(span -> span.traceId().equals(TRACE)).forEach(span -> names.add(span.name()));
        return names;
    }

    @Test
    @DisplayName("a node that stops sends what it has")
    void theLastSpans() {
        Plan plan = traced(Plan.in(directory), receiver.endpoint()).environment("QBC_TRACING_DELAY", "60s");
        try (NodeProcess node = NodeProcess.start(plan)) {
            node.client()
                    .post("/v1/chains/main/transactions", "{\"data\":1}", "traceparent", PARENT)
                    .expect(202);
            assertThat(receiver.spans()).isEmpty();
            assertThat(node.terminate()).isZero();
        }
        assertThat(receiver.of(TRACE, "inject")).hasSize(1);
    }

    @Test
    @DisplayName("off, no class of OpenTelemetry is loaded")
    void offNothingIsLoaded() throws IOException {
        Path classes = directory.resolve("classes.log");
        Plan plan = Plan.in(directory).jvm("-Xmn2m", "-Xlog:class+load:file=" + classes);
        try (NodeProcess node = NodeProcess.start(plan)) {
            node.client()
                    .post("/v1/chains/main/transactions", "{\"data\":1}", "traceparent", PARENT)
                    .expect(202);
            node.client().leap().expect(201);
            assertThat(node.client().get("/metrics").expect(200).text()).contains("qbc_tracing_spans_total");
            assertThat(node.terminate()).isZero();
        }
        List<String> loaded = Files.readAllLines(classes);
        assertThat(loaded).anyMatch(line -> line.contains("io.qbc.tracing.NoTracing"));
        assertThat(loaded.stream()
                        .filter(line -> line.contains("io.opentelemetry") || line.contains("io.qbc.tracing.otel")))
                .isEmpty();
    }

    @Test
    @DisplayName("without a collector, and with one that does not answer, injects are answered; the log says it once")
    void deadCollectors() {
        try (OtlpReceiver stalled = OtlpReceiver.stalled()) {
            for (String endpoint : List.of("http://127.0.0.1:" + Ports.free(), stalled.endpoint())) {
                Plan plan = traced(Plan.in(directory.resolve(endpoint.substring(17))), endpoint)
                        .environment("QBC_TRACING_TIMEOUT", "500ms");
                try (NodeProcess node = NodeProcess.start(plan)) {
                    for (int i = 0; i < 100; i++) {
                        node.client().inject(Integer.toString(i)).expect(202);
                    }
                    node.client().leap().expect(201);
                    Await.until("the log says it", () -> node.output().contains("takes no spans"));
                    assertThat(node.terminate()).isZero();
                    assertThat(node.output().lines().filter(line -> line.contains("takes no spans")))
                            .hasSize(1);
                    assertThat(node.output()).doesNotContain("SEVERE", "ThrottlingLogger");
                }
            }
        }
    }
}
