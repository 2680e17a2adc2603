package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Patience;
import io.qbc.client.ClientOptions;
import io.qbc.client.QbcClient;
import io.qbc.client.TransactionRequest;
import io.qbc.client.answer.InjectResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two front ends before three nodes")
class FrontIT {
    private static final int NODES = 3;
    private static final int FRONTS = 2;
    private static final int IN_FLIGHT = 8;
    private static final String CHAIN = "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}";

    @TempDir
    Path home;

    private final List<Integer> ports =
            IntStream.range(0, NODES + FRONTS).mapToObj(any -> Ports.free()).toList();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<FrontProcess> fronts = new ArrayList<>();

    private Plan plan(int member) {
        String name = member < NODES ? "node" + member : "front" + member;
        Plan plan = Plan.in(home.resolve(name))
                .environment("QBC_CLUSTER_ENABLED", "true")
                .environment("QBC_CLUSTER_NAME", "it")
                .environment("QBC_CLUSTER_PORT", ports.get(member).toString())
                .environment(
                        "QBC_CLUSTER_MEMBERS",
                        String.join(
                                ",",
                                ports.stream().map(port -> "127.0.0.1:" + port).toList()))
                .environment("QBC_ACCESS_MODE", "open")
                .environment("QBC_HTTP_PROXIES", "127.0.0.0/8")
                .environment("QBC_LEAP_AGE", "200ms");
        return member == 0 || member >= NODES ? plan : plan.peer(nodes.get(0).url());
    }

    @BeforeEach
    void start() {
        for (int i = 0; i < NODES; i++) {
            nodes.add(NodeProcess.start(plan(i)));
        }
        for (int i = 0; i < FRONTS; i++) {
            fronts.add(FrontProcess.start(plan(NODES + i)));
        }
        nodes.get(0).client().post("/v1/chains", CHAIN).expect(201);
        Await.until(
                "every node has the chain",
                () -> nodes.stream()
                        .allMatch(node -> node.client().get("/v1/chains/orders").status() == 200));
    }

    @AfterEach
    void end() {
        fronts.forEach(FrontProcess::close);
        nodes.forEach(NodeProcess::close);
    }

    @Test
    @DisplayName("answer as a node does, in streams and events too, and lose and double nothing when a node is killed")
    void serve() throws Exception {
        Client front = fronts.get(0).client();
        answersAreThoseOfNodes(front);
        subscriptionsAreWhereTheyWereMade(front);
        nothingIsLostNorDoubled();
        for (FrontProcess each : fronts) {
            assertThat(each.terminate()).isZero();
        }
    }

    private void answersAreThoseOfNodes(Client front) throws Exception {
        String exact = "{\"data\":{\"amount\":1.10,\"big\":12345678901234567890123,\"text\":\"\\u00e4 / \\/\"}}";
        Answer injected = front.post("/v1/chains/orders/transactions", exact).expect(202);
        assertThat(injected.header("Location")).startsWith("/v1/chains/orders/transactions/");
        String id = injected.json().get("id").textValue();
        Await.until(
                "the transaction is everywhere",
                () -> nodes.stream()
                        .allMatch(node -> node.client()
                                        .get("/v1/chains/orders/transactions/" + id)
                                        .status()
                                == 200));
        Answer found = front.get("/v1/chains/orders/transactions/" + id).expect(200);
        assertThat(found.text())
                .contains("1.10")
                .contains("12345678901234567890123")
                .contains("\\/");
        Set<String> answering = new HashSet<>();
        Awaitility.await().until(() -> {
            answering.add(front.get("/v1/node").expect(200).header("Qbc-Node"));
            return answering.size() == NODES;
        });
        for (String key : answering) {
            assertThat(front.get("/v1/node", "Qbc-Node", key)
                            .expect(200)
                            .json()
                            .get("key")
                            .textValue())
                    .isEqualTo(key);
        }
        assertThat(front.get("/v1/chains/nowhere")
                        .expect(404)
                        .json()
                        .get("code")
                        .textValue())
                .isEqualTo("chain_unknown");
        assertThat(front.post("/v1/chains/orders/transactions", "{")
                        .expect(400)
                        .json()
                        .get("code")
                        .textValue())
                .isEqualTo("json_invalid");
        String hash =
                nodes.get(0).client().get("/v1/chains/orders").json().get("id").textValue();
        front.get("/v1/chains/" + hash).expect(200);
        Answer quants = front.get("/v1/chains/orders/quants", "Accept", "application/x-ndjson")
                .expect(200);
        assertThat(quants.text()).contains(id);
        assertThat(front.get("/metrics").expect(200).text()).contains("qbc_front_requests_total{code=\"202\"}");
        front.get("/console/").expect(200);
        eventsCome(front);
    }

    private static void eventsCome(Client front) throws IOException {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                front.stream("/v1/chains/orders/events", "Accept", "text/event-stream")
                        .body(),
                StandardCharsets.UTF_8))) {
            front.post("/v1/chains/orders/transactions", "{\"data\":\"event\"}").expect(202);
            String line = lines.readLine();
            while (!line.startsWith("data:")) {
                line = lines.readLine();
            }
            assertThat(line).contains("\"height\"");
        }
    }

    /** A subscription is kept by one node, and found from every front end, also by a WebSocket. */
    private void subscriptionsAreWhereTheyWereMade(Client front) {
        for (String name : List.of("a", "b", "c", "d")) {
            front.send(front.request(
                            "PUT",
                            "/v1/chains/orders/subscriptions/" + name,
                            BodyPublishers.ofString("{\"from\":\"oldest\"}"),
                            "Content-Type",
                            "application/json"))
                    .expect(201);
        }
        for (FrontProcess each : fronts) {
            for (String name : List.of("a", "b", "c", "d")) {
                JsonNode fetched = each.client()
                        .post("/v1/chains/orders/subscriptions/" + name + "/fetch", "{\"max\":1,\"wait\":\"5s\"}")
                        .expect(200)
                        .json();
                assertThat(fetched.get("events")).hasSize(1);
                each.client()
                        .post(
                                "/v1/chains/orders/subscriptions/" + name + "/commit",
                                "{\"offset\":" + fetched.get("offset") + "}")
                        .expect(200);
            }
        }
        front.send(front.request(
                        "PUT",
                        "/v1/chains/orders/subscriptions/socket",
                        BodyPublishers.ofString("{\"from\":\"oldest\",\"deliver\":{\"kind\":\"stream\"}}"),
                        "Content-Type",
                        "application/json"))
                .expect(201);
        CompletableFuture<String> first = new CompletableFuture<>();
        URI socket = URI.create(
                fronts.get(1).url().replace("http:", "ws:") + "/v1/chains/orders/subscriptions/socket/socket");
        WebSocket open = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(socket, new WebSocket.Listener() {
                    @Override
                    public CompletionStage<?> onText(WebSocket from, CharSequence text, boolean last) {
                        first.complete(text.toString());
                        from.request(1);
                        return null;
                    }
                })
                .join();
        assertThat(Patience.get(Future.fromCompletionStage(first))).contains("\"index\"");
        open.abort();
    }

    private void nothingIsLostNorDoubled() throws InterruptedException {
        Vertx vertx = Vertx.vertx();
        QbcClient client = QbcClient.rest(
                vertx, ClientOptions.of(fronts.stream().map(FrontProcess::url).toArray(String[]::new)));
        AtomicBoolean over = new AtomicBoolean();
        ConcurrentLinkedQueue<InjectResult> injected = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Semaphore idle = new Semaphore(0);
        for (int i = 0; i < IN_FLIGHT; i++) {
            inject(client, i, 0, over, injected, failures, idle);
        }
        for (int i = 1; i < NODES; i++) {
            int before = injected.size();
            nodes.get(i).kill9();
            Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > before + 2 * IN_FLIGHT);
            nodes.get(i).restart();
            int after = injected.size();
            Awaitility.await().atMost(Patience.CONDITION).until(() -> injected.size() > after + IN_FLIGHT);
        }
        over.set(true);
        idle.acquire(IN_FLIGHT);
        assertThat(failures).isEmpty();
        assertThat(injected.stream().map(InjectResult::id)).doesNotHaveDuplicates();
        ChainClient chain = new ChainClient(nodes.get(0).client(), "orders");
        Await.asserted(
                "all is in the chain, once",
                () -> assertThat(chain.ids())
                        .doesNotHaveDuplicates()
                        .containsAll(
                                injected.stream().map(each -> each.id().hex()).toList()));
        Patience.get(client.close());
        Patience.get(vertx.close());
    }

    private static void inject(
            QbcClient client,
            int lane,
            int number,
            AtomicBoolean over,
            ConcurrentLinkedQueue<InjectResult> injected,
            ConcurrentLinkedQueue<Throwable> failures,
            Semaphore idle) {
        if (over.get()) {
            idle.release();
            return;
        }
        client.inject(
                        "orders",
                        TransactionRequest.json("{\"lane\":" + lane + ",\"n\":" + number + "}")
                                .withKey(lane + "-" + number))
                .onSuccess(injected::add)
                .onFailure(failures::add)
                .onComplete(any -> inject(client, lane, number + 1, over, injected, failures, idle));
    }

    @Test
    @DisplayName("say that no node is there, and that a front end needs a cluster")
    void sayWhatIsMissing() {
        nodes.forEach(NodeProcess::terminate);
        Client front = fronts.get(0).client();
        Await.until("the front end knows", () -> front.get("/health/ready").status() == 503);
        Answer refused = front.get("/v1/chains");
        refused.expect(503);
        assertThat(refused.json().get("code").textValue()).isEqualTo("nodes_unreachable");
        assertThat(refused.header("Retry-After")).isNotEmpty();
        front.get("/health/live").expect(200);
        Jar.Finished alone = Jar.run(Plan.in(home.resolve("alone")), "front", "--port", "0");
        assertThat(alone.code()).isEqualTo(2);
        assertThat(alone.output()).contains("cluster.enabled");
    }
}
