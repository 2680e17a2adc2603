package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.RecomputeScript;
import io.qbc.Samples;
import io.qbc.access.ApiKey;
import io.qbc.access.Grant;
import io.qbc.access.Role;
import io.qbc.api.access.ApiKeyFile;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.FindFollowing;
import io.qbc.config.AccessMode;
import io.qbc.config.AuditInjects;
import io.qbc.config.NodeConfig;
import io.qbc.e2e.Ports;
import io.qbc.model.AuditChain;
import io.qbc.model.Signer;
import io.qbc.spec.AuditSpec;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The audit trail of whole nodes in this process: on disk, over restarts, provable, and unknown to peers. */
class AuditedNodeTest {
    @TempDir
    Path directory;

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void end() {
        nodes.forEach(node -> Patience.get(node.close()));
    }

    /** A running node and where it listens. */
    private record Running(Node node, Signer signer, int port) {
        String url() {
            return "http://127.0.0.1:" + port;
        }
    }

    private Running start(String name, boolean audit, List<String> peers) {
        int port = Ports.free();
        Path data = directory.resolve(name);
        NodeConfig.Access access = new NodeConfig.Access(
                AccessMode.LOOPBACK,
                false,
                0,
                1,
                0,
                1,
                List.of(),
                audit,
                AuditInjects.COUNTED,
                Duration.ofMillis(200),
                100);
        NodeConfig.Http one = http(Samples.config(data, port).http());
        NodeConfig config = withPeers(Samples.with(Samples.config(data, port), access, one), peers);
        Signer signer = Identity.open(data);
        Node node = Node.of(
                Node.vertx(),
                Wiring.of(new NodeParts(
                        config,
                        DefaultChain.andTrail(DefaultChain.read(config, signer.key()), config, signer.key()),
                        signer,
                        "http://127.0.0.1:" + port)));
        nodes.add(node);
        Patience.get(node.start());
        return new Running(node, signer, port);
    }

    private static NodeConfig.Http http(NodeConfig.Http base) {
        return Samples.with(base, Map.of("instances", 1));
    }

    private static NodeConfig withPeers(NodeConfig base, List<String> peers) {
        return new NodeConfig(
                base.host(),
                base.port(),
                base.data(),
                base.chain(),
                base.advertise(),
                peers,
                base.stopTimeout(),
                base.http(),
                base.limits(),
                base.budgets(),
                base.pool(),
                base.leap(),
                base.ledger(),
                base.store(),
                base.gossip(),
                base.network(),
                base.chains(),
                base.consensus(),
                base.backup(),
                base.scrub(),
                base.access(),
                base.console(),
                base.analytics(),
                base.cluster(),
                base.subscriptions(),
                base.projections(),
                base.bridges(),
                base.tracing());
    }

    private void stop(Running running) {
        nodes.remove(running.node());
        Patience.get(running.node().close());
    }

    private HttpResponse<String> send(Running to, String method, String path, String body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(to.url() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Content-Type", "application/json")
                .timeout(Patience.ANSWER);
        try {
            return client.send(request.build(), BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private List<JsonObject> trail(Running of, String query) {
        HttpResponse<String> answer = send(of, "GET", "/v1/audit" + query, "");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonArray entries = new JsonObject(answer.body()).getJsonArray("entries");
        return entries.stream().map(each -> (JsonObject) each).toList();
    }

    private List<String> told(Running of, String query) {
        return trail(of, query).stream()
                .map(each -> each.getJsonObject("entry"))
                .map(entry -> entry.getString("event") + " " + entry.getString("operation", "") + " "
                        + entry.getString("target", ""))
                .toList();
    }

    @Test
    void aTrailOutlivesTheNodeAndCanBeProvedWithoutIt() throws Exception {
        Running node = start("a", true, List.of());
        send(node, "POST", "/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
        assertThat(send(node, "POST", "/v1/chains/orders/freeze", "").statusCode())
                .isEqualTo(200);
        assertThat(told(node, "?operation=freezeChain"))
                .containsExactly("ended freezeChain orders", "begun freezeChain orders");
        stop(node);
        Running again = start("a", true, List.of());
        List<String> all = told(again, "");
        assertThat(all.get(0)).isEqualTo("started  ");
        assertThat(all.get(1)).isEqualTo("stopped  ");
        assertThat(all).endsWith("started  ").contains("ended createChain ");
        JsonObject newest = trail(again, "?operation=freezeChain").get(0);
        HttpResponse<String> found = send(again, "GET", "/v1/chains/audit/transactions/" + newest.getString("id"), "");
        JsonObject transaction = new JsonObject(found.body());
        assertThat(transaction.getString("state")).isEqualTo("committed");
        assertThat(transaction.getString("author"))
                .isEqualTo(again.signer().key().hex());
        assertThat(transaction.getJsonObject("data")).isEqualTo(newest.getJsonObject("entry"));
        if (RecomputeScript.canRun()) {
            assertThat(RecomputeScript.run(ProcessBuilder.Redirect.PIPE, again.url() + "/v1/chains/audit"))
                    .satisfies(result ->
                            assertThat(result.exit()).as(result.said()).isZero());
        }
        stop(again);
        assertThat(Verification.run(directory.resolve("a"), Optional.empty(), line -> {})
                        .sound())
                .isTrue();
    }

    @Test
    void nobodyInjectsIntoItEndsItOrForksIt() {
        Running node = start("a", true, List.of());
        assertThat(send(node, "POST", "/v1/chains/audit/transactions", "{\"data\":1}"))
                .satisfies(answer -> assertThat(code(answer)).isEqualTo("chain_reserved"));
        assertThat(code(send(node, "POST", "/inject?chain=audit", "{\"data\":1}")))
                .isEqualTo("chain_reserved");
        assertThat(code(send(node, "POST", "/v1/chains/audit/freeze", ""))).isEqualTo("chain_reserved");
        assertThat(code(send(node, "DELETE", "/v1/chains/audit?confirm=audit", "")))
                .isEqualTo("chain_reserved");
        assertThat(code(send(node, "POST", "/v1/chains/audit/forks", "{\"at\":0,\"name\":\"copy\"}")))
                .isEqualTo("chain_reserved");
        assertThat(code(send(node, "PUT", "/v1/chains/audit/following", ""))).isEqualTo("chain_reserved");
        assertThat(told(node, "?operation=removeChain")).hasSize(2);
    }

    @Test
    void theNameIsKeptAndATrailThatIsSwitchedOffStaysPrivateAndMayBeRemoved() {
        Running node = start("a", true, List.of());
        stop(node);
        Running off = start("a", false, List.of());
        assertThat(told(off, "")).containsExactly("stopped  ", "started  ");
        assertThat(code(send(off, "POST", "/v1/chains/audit/transactions", "{\"data\":1}")))
                .isEqualTo("chain_reserved");
        assertThat(send(off, "DELETE", "/v1/chains/audit?confirm=audit", "").statusCode())
                .isEqualTo(200);
        String spec = "{\"name\":\"audit\",\"consensus\":{\"engine\":\"pow\"}}";
        assertThat(code(send(off, "POST", "/v1/chains", spec))).isEqualTo("chain_reserved");
        assertThat(send(off, "GET", "/v1/audit", "").statusCode()).isEqualTo(404);
    }

    @Test
    void peersDoNotSeeIt() {
        Running a = start("a", true, List.of());
        Running b = start("b", true, List.of(a.url()));
        send(a, "POST", "/v1/chains", "{\"name\":\"orders\",\"consensus\":{\"engine\":\"dbc\"}}");
        await().until(() -> send(b, "GET", "/v1/chains/orders", "").statusCode() == 200);
        assertThat(Patience.get(b.node().bus().ask(Catalogue.FIND_FOLLOWING, new FindFollowing()))
                        .known())
                .extracting(Catalogue.Known::name)
                .contains("main", "orders")
                .doesNotContain(AuditChain.NAME);
        String theirs = AuditSpec.of(a.signer().key()).id().hex();
        assertThat(send(b, "GET", "/v1/chains/" + theirs, "").statusCode()).isEqualTo(404);
        assertThat(told(a, "?operation=createChain")).hasSize(2);
        assertThat(told(b, "?operation=createChain")).isEmpty();
    }

    @Test
    void keysThatTheCommandLineChangesAreToldWhetherTheNodeRunsOrNot() throws IOException {
        Path data = Files.createDirectories(directory.resolve("a"));
        ApiKeyFile commandLine = new ApiKeyFile(data);
        ApiKey.Request reader =
                new ApiKey.Request("shop", List.of(Grant.everywhere(Role.READER)), OptionalLong.empty());
        String before = commandLine.add(reader, 0).id();
        Running node = start("a", true, List.of());
        await().until(() -> keys(node).equals(List.of("added " + before)));
        String during = commandLine.add(reader, 0).id();
        await().until(() -> keys(node).equals(List.of("added " + during, "added " + before)));
        stop(node);
        commandLine.revoke(before);
        commandLine.rotate(during, 0, Duration.ZERO);
        Running again = start("a", true, List.of());
        await().until(() -> keys(again).size() == 4);
        assertThat(keys(again).subList(0, 2)).containsExactlyInAnyOrder("removed " + before, "rotated " + during);
        assertThat(trail(again, "?name=shop")).hasSize(4);
    }

    private List<String> keys(Running node) {
        return trail(node, "?operation=keys").stream()
                .map(each -> each.getJsonObject("entry"))
                .map(entry -> entry.getString("change") + " " + entry.getString("key"))
                .toList();
    }

    private static String code(HttpResponse<String> answer) {
        return new JsonObject(answer.body()).getString("code", "");
    }
}
