package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Ask;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DropProjection;
import io.qbc.bus.Catalogue.FindProjection;
import io.qbc.bus.Catalogue.FindProjections;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue.ProjectionState;
import io.qbc.bus.Catalogue.ProjectionStatus;
import io.qbc.bus.Catalogue.PutProjection;
import io.qbc.bus.Catalogue.ReadPoint;
import io.qbc.bus.Catalogue.SteerProjection;
import io.qbc.bus.Catalogue.VerifyState;
import io.qbc.bus.Catalogue.VerifyStep;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.e2e.Ports;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.model.Signer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projections of whole nodes in this process: on disk, over restarts, beside a database that is not there. */
class ProjectedNodeTest {
    private static final String TABLES =
            "\"tables\":[{\"table\":\"item\",\"each\":\"/items\",\"when\":{\"type\":\"order.*\"},"
                    + "\"columns\":{\"n\":{\"pointer\":\"/n\",\"type\":\"bigint\"},"
                    + "\"sku\":{\"each\":\"\",\"type\":\"text\"}}}]";
    private static final String MAPPING = "{\"chain\":\"orders\"," + TABLES + "}";

    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Node> nodes = new ArrayList<>();
    private int port;

    @AfterEach
    void end() {
        nodes.forEach(node -> Patience.get(node.close()));
    }

    private Node start() {
        port = Ports.free();
        Path data = directory.resolve("data");
        NodeConfig config = Samples.config(data, port);
        Signer signer = Identity.open(data);
        Node node = Node.of(
                Node.vertx(),
                Wiring.of(new NodeParts(
                        config, List.of(DefaultChain.read(config, signer.key())), signer, "http://127.0.0.1:" + port)));
        nodes.add(node);
        Patience.get(node.start());
        return node;
    }

    private void stop(Node node) {
        nodes.remove(node);
        Patience.get(node.close());
    }

    private void post(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(Patience.ANSWER)
                .build();
        assertThat(client.send(request, BodyHandlers.ofString()).statusCode()).isBetween(200, 202);
    }

    private void orders(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            post(
                    "/v1/chains/orders/transactions",
                    "{\"type\":\"order.placed\",\"data\":{\"n\":" + i + ",\"items\":[\"a\",\"b\"]}}");
        }
        post("/v1/chains/orders/leaps", "{}");
    }

    private static <Q extends Record, R> R ask(Node node, Ask<Q, R> ask, Q question) {
        return Patience.get(node.bus().ask(ask, question));
    }

    private static ProjectionState reached(Node node, long leaf) {
        return ask(
                node,
                Catalogue.FIND_PROJECTION,
                new FindProjection("shop", Optional.of(new ReadPoint.Leaf(leaf)), Duration.ofSeconds(4)));
    }

    @Test
    void tablesFollowTheirChainOverRestartsAndRebuilds() throws Exception {
        Node node = start();
        post("/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
        orders(20);
        assertThat(ask(node, Catalogue.PUT_PROJECTION, new PutProjection("shop", Bytes.utf8(MAPPING)))
                        .created())
                .isTrue();
        await().atMost(Patience.ANSWER).until(() -> reached(node, 19).rows().getOrDefault("item", 0L) == 40);
        orders(5);
        ProjectionState state = reached(node, 24);
        assertThat(state.status()).isEqualTo(ProjectionStatus.FOLLOWING);
        assertThat(state.height()).isEqualTo(2);
        stop(node);
        Node again = start();
        orders(1);
        await().atMost(Patience.ANSWER)
                .ignoreExceptions()
                .until(() -> reached(again, 25).rows().get("item") == 52);
        ask(again, Catalogue.STEER_PROJECTION, new SteerProjection("shop", ProjectionAction.VERIFY));
        await().atMost(Patience.ANSWER).until(() -> verified(again).step() == VerifyStep.DONE);
        assertThat(verified(again).found()).isEmpty();
        assertThat(verified(again).leaf()).isEqualTo(26);
        String other = MAPPING.replace("\"sku\":", "\"article\":");
        assertThat(ask(again, Catalogue.PUT_PROJECTION, new PutProjection("shop", Bytes.utf8(other)))
                        .created())
                .isFalse();
        orders(1);
        await().atMost(Patience.ANSWER).until(() -> {
            ProjectionState now = ask(again, Catalogue.FIND_PROJECTION, new FindProjection("shop"));
            return now.leaf() == 27 && now.rebuild().isEmpty() && now.rows().getOrDefault("item", 0L) == 54;
        });
        ask(again, Catalogue.DROP_PROJECTION, new DropProjection("shop", false));
        assertThat(Files.exists(directory.resolve("data/projections/shop"))).isFalse();
        assertThat(ask(again, Catalogue.FIND_PROJECTIONS, new FindProjections()).projections())
                .isEmpty();
    }

    private static VerifyState verified(Node node) {
        return ask(node, Catalogue.FIND_PROJECTION, new FindProjection("shop"))
                .verification()
                .orElseThrow();
    }

    @Test
    void aDatabaseThatIsNotThereHoldsNobodyUp() throws Exception {
        Node node = start();
        post("/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
        String dead = "{\"chain\":\"orders\",\"target\":{\"kind\":\"postgresql\",\"url\":\"jdbc:postgresql://127.0.0.1:"
                + Ports.free() + "/none\",\"user\":\"qbc\"}," + TABLES + "}";
        ask(node, Catalogue.PUT_PROJECTION, new PutProjection("gone", Bytes.utf8(dead)));
        ask(node, Catalogue.PUT_PROJECTION, new PutProjection("shop", Bytes.utf8(MAPPING)));
        orders(3);
        await().atMost(Patience.ANSWER)
                .ignoreExceptions()
                .until(() -> reached(node, 2).leaf() == 3);
        await().atMost(Patience.ANSWER)
                .until(() -> ask(node, Catalogue.FIND_PROJECTION, new FindProjection("gone"))
                                .status()
                        == ProjectionStatus.RETRYING);
        assertThat(ask(node, Catalogue.FIND_PROJECTION, new FindProjection("gone"))
                        .error())
                .get()
                .satisfies(error -> assertThat(error.refusal().reason()).isEqualTo(Reason.TABLES_UNAVAILABLE));
    }

    @Test
    void aMappingThatIsNotAcceptableSaysWhere() {
        Node node = start();
        assertThatThrownBy(() -> ask(
                        node,
                        Catalogue.PUT_PROJECTION,
                        new PutProjection("shop", Bytes.utf8(MAPPING.replace("bigint", "int")))))
                .hasRootCauseInstanceOf(Failure.class)
                .rootCause()
                .satisfies(e ->
                        assertThat(((Failure) e).refusal().pointers()).containsExactly("/tables/0/columns/n/type"));
    }
}
