package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.QbcClient;
import io.qbc.client.request.ClientOptions;
import io.qbc.client.request.TraceFields;
import io.qbc.client.request.TransactionRequest;
import io.qbc.testkit.LedgerNetwork;
import io.qbc.testkit.LedgerNode;
import io.qbc.tracing.OtlpReceiver;
import io.qbc.tracing.ReceivedSpan;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Traces of whole nodes in this process, as a collector gets them. */
class TracedNodeTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String CALLER = "00f067aa0ba902b7";
    private static final String PARENT = "00-" + TRACE + "-" + CALLER + "-01";
    private static final String SECRET = "the payload of nobody else";

    private final HttpClient client = HttpClient.newHttpClient();
    private final Vertx vertx = Vertx.vertx();
    private final OtlpReceiver receiver = OtlpReceiver.start();

    @AfterEach
    void end() {
        receiver.close();
        Patience.get(vertx.close());
    }

    private LedgerNetwork network(int nodes, String endpoint) {
        return LedgerNetwork.of(vertx, nodes)
                .config("tracing.enabled", true)
                .config("tracing.endpoint", endpoint)
                .config("tracing.delay", "20ms")
                .chain("orders", "dbc")
                .start();
    }

    private HttpResponse<String> inject(LedgerNode node, String data, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(node.url() + "/v1/chains/orders/transactions"))
                .POST(BodyPublishers.ofString("{\"data\":" + data + "}"))
                .header("Content-Type", "application/json")
                .timeout(Patience.ANSWER);
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return client.send(request.build(), BodyHandlers.ofString());
    }

    private static String id(HttpResponse<String> injected) {
        return new JsonObject(injected.body()).getString("id");
    }

    private static void leap(LedgerNode node) {
        node.blocking().leap("orders");
    }

    @Test
    @DisplayName("an inject with a traceparent and its way into the chain are one trace")
    void fromInjectToCommit() throws Exception {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            HttpResponse<String> injected =
                    inject(network.node(), "\"" + SECRET + "\"", "traceparent", PARENT, "tracestate", "vendor=1");
            assertThat(injected.statusCode()).isEqualTo(202);
            leap(network.node());
            ReceivedSpan inject = receiver.awaitSpan(TRACE, "inject");
            assertThat(inject.parentId()).isEqualTo(CALLER);
            assertThat(inject.kind()).isEqualTo("SPAN_KIND_SERVER");
            assertThat(inject.attributes())
                    .containsEntry("http.request.method", "POST")
                    .containsEntry("http.route", "/v1/chains/{chain}/transactions")
                    .containsEntry("http.response.status_code", "202")
                    .containsEntry("url.path", "/v1/chains/orders/transactions")
                    .containsEntry("qbc.transaction.id", id(injected));
            ReceivedSpan commit = receiver.awaitSpan(TRACE, "commit");
            ReceivedSpan leap = receiver.awaitSpan(TRACE, "leap");
            assertThat(receiver.awaitSpan(TRACE, "persist").parentId()).isEqualTo(inject.spanId());
            assertThat(receiver.awaitSpan(TRACE, "pool").parentId()).isEqualTo(inject.spanId());
            assertThat(leap.parentId()).isEqualTo(inject.spanId());
            assertThat(commit.parentId()).isEqualTo(leap.spanId());
            assertThat(receiver.awaitSpan(TRACE, "seal").parentId()).isEqualTo(leap.spanId());
            assertThat(commit.attributes()).containsEntry("qbc.outcome", "extended");
            assertThat(leap.attribute("qbc.quant.hash")).isEqualTo(commit.attribute("qbc.quant.hash"));
            assertThat(receiver.of(TRACE, "pool").get(0).endNanos()).isLessThanOrEqualTo(commit.startNanos());
        }
        assertThat(receiver.text()).contains("vendor=1").doesNotContain(SECRET);
    }

    @Test
    @DisplayName("a leap joins the trace of the first transaction and links the others, which have a commit each")
    void manyInOneLeap() throws Exception {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            String other = "aaaabbbbccccddddaaaabbbbccccdddd";
            inject(network.node(), "1", "traceparent", PARENT);
            inject(network.node(), "2", "traceparent", "00-" + other + "-" + CALLER + "-01");
            leap(network.node());
            ReceivedSpan leap = receiver.awaitSpan(TRACE, "leap");
            ReceivedSpan second = receiver.awaitSpan(other, "inject");
            ReceivedSpan commit = receiver.awaitSpan(other, "commit");
            assertThat(leap.links()).containsExactly(second.spanId());
            assertThat(commit.parentId()).isEqualTo(second.spanId());
            assertThat(commit.links()).containsExactly(leap.spanId());
            assertThat(receiver.awaitSpan(other, "pool").parentId()).isEqualTo(second.spanId());
            assertThat(receiver.of(other, "leap")).isEmpty();
        }
    }

    @Test
    @DisplayName("headers that are not as W3C demands begin a new trace, and are no reason to refuse")
    void malformedHeaders() throws Exception {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            List<String> wrong = List.of(
                    "nonsense",
                    "00-" + TRACE + "-" + CALLER,
                    "00-" + "0".repeat(32) + "-" + CALLER + "-01",
                    "ff-" + TRACE + "-" + CALLER + "-01");
            for (String parent : wrong) {
                assertThat(inject(network.node(), "1", "traceparent", parent).statusCode())
                        .isEqualTo(202);
            }
            await().until(() -> named("inject").size() == wrong.size());
            assertThat(named("inject")).allSatisfy(span -> {
                assertThat(span.parentId()).isEmpty();
                assertThat(span.traceId()).isNotEqualTo(TRACE);
            });
        }
    }

    @Test
    @DisplayName("who says that its trace is not recorded has none recorded")
    void unsampled() throws Exception {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            inject(network.node(), "1", "traceparent", "00-" + TRACE + "-" + CALLER + "-00");
            leap(network.node());
            inject(network.node(), "2");
            await().until(() -> named("inject").size() == 1);
        }
        assertThat(named("leap")).isEmpty();
        assertThat(receiver.spans()).noneMatch(span -> span.traceId().equals(TRACE));
    }

    @Test
    @DisplayName("a message on the event bus joins by its headers")
    void eventBus() {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            String address = network.node().eventBus() + ".transactions.inject";
            JsonObject ask = new JsonObject().put("chain", "orders").put("data", 1);
            Patience.get(
                    vertx.eventBus().request(address, ask, new DeliveryOptions().addHeader("traceparent", PARENT)));
            leap(network.node());
            ReceivedSpan inject = receiver.awaitSpan(TRACE, "inject");
            assertThat(inject.parentId()).isEqualTo(CALLER);
            assertThat(inject.kind()).isEqualTo("SPAN_KIND_SERVER");
            assertThat(inject.attributes())
                    .containsEntry("messaging.destination.name", address)
                    .containsKey("qbc.transaction.id");
            assertThat(receiver.isBelow(receiver.awaitSpan(TRACE, "commit"), inject))
                    .isTrue();
        }
    }

    @Test
    @DisplayName("a call of the Java client joins by the trace that it is handed, over REST and over the event bus")
    void javaClient() {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            TraceFields trace = TraceFields.of(PARENT, "vendor=1");
            LedgerNode node = network.node();
            List<QbcClient> clients = List.of(
                    QbcClient.rest(vertx, ClientOptions.of(node.url()).withTraces(() -> Optional.of(trace))),
                    QbcClient.eventBus(vertx, ClientOptions.eventBus(), node.eventBus())
                            .traced(trace));
            for (QbcClient client : clients) {
                Patience.get(client.inject("orders", TransactionRequest.json("1")));
            }
            await().until(() -> receiver.of(TRACE, "inject").size() == clients.size());
            assertThat(receiver.of(TRACE, "inject"))
                    .allMatch(inject -> inject.parentId().equals(CALLER))
                    .anyMatch(inject -> inject.attributes().containsKey("http.route"))
                    .anyMatch(inject -> inject.attributes().containsKey("messaging.system"));
            clients.forEach(client -> Patience.get(client.close()));
        }
        assertThat(receiver.text()).contains("vendor=1");
    }

    @Test
    @DisplayName("what peers do for it is in the same trace")
    void peers() throws Exception {
        try (LedgerNetwork network = network(2, receiver.endpoint())) {
            inject(network.node(0), "1", "traceparent", PARENT);
            ReceivedSpan inject = receiver.awaitSpan(TRACE, "inject");
            ReceivedSpan transactions = receiver.awaitSpan(TRACE, "receive transactions");
            assertThat(transactions.node()).isNotEqualTo(inject.node());
            assertThat(receiver.isBelow(transactions, inject)).isTrue();
            leap(network.node(0));
            network.awaitSameHead("orders");
            ReceivedSpan quant = receiver.awaitSpan(TRACE, "receive quant", transactions.node());
            ReceivedSpan leap = receiver.awaitSpan(TRACE, "leap");
            assertThat(receiver.isBelow(quant, leap)).isTrue();
            await().until(() -> commits().size() == 2);
            ReceivedSpan there = commits().stream()
                    .filter(span -> span.node().equals(quant.node()))
                    .findFirst()
                    .orElseThrow();
            assertThat(receiver.isBelow(there, quant)).isTrue();
            assertThat(nodesOf("persist")).hasSize(2);
        }
    }

    private List<ReceivedSpan> commits() {
        return receiver.of(TRACE, "commit").stream()
                .filter(span -> span.attribute("qbc.outcome").equals("extended"))
                .toList();
    }

    private Set<String> nodesOf(String name) {
        return receiver.of(TRACE, name).stream().map(ReceivedSpan::node).collect(Collectors.toSet());
    }

    private List<ReceivedSpan> named(String name) {
        return receiver.spans().stream()
                .filter(span -> span.name().equals(name))
                .toList();
    }

    @Test
    @DisplayName("a batch is one span, and its lines are counted")
    void batch() throws Exception {
        try (LedgerNetwork network = network(1, receiver.endpoint())) {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create(network.node().url() + "/v1/chains/orders/transactions"))
                    .POST(BodyPublishers.ofString("{\"data\":1}\n{\"data\":2}\n{\"data\":3}\n"))
                    .header("Content-Type", "application/x-ndjson")
                    .header("traceparent", PARENT)
                    .timeout(Patience.ANSWER)
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
            leap(network.node());
            ReceivedSpan commit = receiver.awaitSpan(TRACE, "commit");
            assertThat(receiver.isBelow(commit, receiver.awaitSpan(TRACE, "inject")))
                    .isTrue();
            assertThat(receiver.awaitSpan(TRACE, "pool").attributes()).containsEntry("qbc.transactions", "3");
            assertThat(receiver.of(TRACE, "persist")).hasSize(1);
        }
    }

    @Test
    @DisplayName("a collector that does not answer, or is not there, keeps no inject waiting, and is counted")
    void deadCollector() throws Exception {
        try (OtlpReceiver stalled = OtlpReceiver.stalled();
                LedgerNetwork network = LedgerNetwork.of(vertx, 1)
                        .config("tracing.enabled", true)
                        .config("tracing.endpoint", stalled.endpoint())
                        .config("tracing.delay", "5ms")
                        .config("tracing.queue", 8)
                        .config("tracing.batch", 4)
                        .config("tracing.timeout", "1s")
                        .chain("orders", "dbc")
                        .start()) {
            for (int i = 0; i < 40; i++) {
                assertThat(inject(network.node(), Integer.toString(i)).statusCode())
                        .isEqualTo(202);
            }
            leap(network.node());
            await().until(() -> metric(network.node(), "dropped") > 0 && metric(network.node(), "failed") > 0);
            assertThat(metric(network.node(), "exported")).isZero();
            assertThat(stalled.calls()).isPositive();
        }
    }

    private double metric(LedgerNode node, String outcome) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + "/metrics"))
                .timeout(Patience.ANSWER)
                .build();
        return client.send(request, BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> line.startsWith("qbc_tracing_spans_total{outcome=\"" + outcome + "\"}"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.indexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }
}
