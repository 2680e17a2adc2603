package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

    @TempDir
    Path home;

    private FrontCluster cluster;

    @BeforeEach
    void start() {
        cluster = FrontCluster.open(home, NODES, FRONTS);
    }

    @AfterEach
    void end() {
        Optional.ofNullable(cluster).ifPresent(FrontCluster::close);
    }

    @Test
    @DisplayName("answer as a node does, in streams and events too, and lose and double nothing when a node is killed")
    void serve() throws Exception {
        Client front = cluster.front(0).client();
        answersAreThoseOfNodes(front);
        FrontCalls.eventsCome(front);
        subscriptionsAreWhereTheyWereMade(front);
        nothingIsLostNorDoubled();
        for (FrontProcess each : cluster.fronts()) {
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
                () -> cluster.nodes().stream()
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
        String hash = cluster.node(0)
                .client()
                .get("/v1/chains/orders")
                .json()
                .get("id")
                .textValue();
        front.get("/v1/chains/" + hash).expect(200);
        Answer quants = front.get("/v1/chains/orders/quants", "Accept", "application/x-ndjson")
                .expect(200);
        assertThat(quants.text()).contains(id);
        assertThat(front.get("/metrics").expect(200).text()).contains("qbc_front_requests_total{code=\"202\"}");
        front.get("/console/").expect(200);
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
        for (FrontProcess each : cluster.fronts()) {
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
        FrontCalls.socketTells(front, cluster.front(1).client());
        front.send(front.request("DELETE", "/v1/chains/orders/subscriptions/a", BodyPublishers.noBody()))
                .expect(200);
        cluster.front(1).client().get("/v1/chains/orders/subscriptions/a").expect(404);
        Await.asserted(
                "what has ended is counted out",
                () -> assertThat(cluster.front(1).metric("qbc_front_requests_in_progress"))
                        .isZero());
    }

    private void nothingIsLostNorDoubled() throws InterruptedException {
        try (InjectLoad load = new InjectLoad(cluster.frontUrls())) {
            for (int i = 1; i < NODES; i++) {
                cluster.node(i).kill9();
                load.awaitProgress();
                cluster.node(i).restart();
                load.awaitProgress();
            }
            load.endsWhole(cluster.node(0).client());
        }
    }

    @Test
    @DisplayName("say that no node is there, and that a front end needs a cluster")
    void sayWhatIsMissing() {
        cluster.nodes().forEach(NodeProcess::terminate);
        Client front = cluster.front(0).client();
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
