package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.TrialTls;
import io.qbc.cli.TlsCommand.Made;
import io.qbc.config.CertificateDemand;
import io.qbc.config.NodeConfig;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Signer;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole nodes that speak TLS with each other. */
class TlsNetworkTest {
    private static final ChainSpec SPEC = Samples.pow("main");

    @TempDir
    Path directory;

    private final List<Vertx> running = new ArrayList<>();

    /** A node with a certificate of its own. */
    private record Member(NodeConfig config, Made made, HttpClient client) {
        String url() {
            return Addresses.advertised(config);
        }

        JsonObject get(String path) throws IOException, InterruptedException {
            return new JsonObject(
                    send(HttpRequest.newBuilder(URI.create(url() + path))).body());
        }

        HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
            return send(HttpRequest.newBuilder(URI.create(url() + path))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(body)));
        }

        private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
            return client.send(request.timeout(Patience.ANSWER).build(), BodyHandlers.ofString());
        }
    }

    @AfterEach
    void end() {
        running.forEach(vertx -> Patience.get(vertx.close()));
    }

    private Member start(Signer signer, Made made, String peerCa, String... peers) throws IOException {
        Path data = Files.createDirectory(directory.resolve("node" + running.size()));
        TrialTls files = new TrialTls(data);
        files.put(made);
        NodeConfig base = Samples.config(data, 0);
        NodeConfig.Gossip gossip = base.gossip();
        NodeConfig secured = Samples.with(
                base,
                base.http().with(files.config(CertificateDemand.NONE)),
                new NodeConfig.Gossip(
                        gossip.networks(),
                        gossip.peersMax(),
                        gossip.callTimeout(),
                        gossip.backoffMin(),
                        gossip.backoffMin(),
                        gossip.heartbeat(),
                        gossip.batchIds(),
                        gossip.batchBytes(),
                        gossip.limits(),
                        peerCa,
                        gossip.ports(),
                        gossip.conduct()));
        NodeConfig config = Addresses.withPort(withPeers(secured, List.of(peers)));
        Vertx vertx = Node.vertx();
        running.add(vertx);
        NodeParts parts = new NodeParts(config, List.of(SPEC), signer, Addresses.advertised(config));
        Patience.get(Node.of(vertx, Wiring.of(parts)).start());
        return new Member(config, made, TrialTls.client(Version.HTTP_2, Optional.empty(), made));
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

    private static long live(Member member) throws IOException, InterruptedException {
        return member.get("/v1/node").getJsonObject("peers").getLong("live");
    }

    private static String head(Member member) throws IOException, InterruptedException {
        return String.valueOf(
                member.get("/v1/chains/main").getJsonObject("head").getString("hash"));
    }

    @Test
    void nodesFindEachOtherAndSync() throws Exception {
        Member one = start(Samples.SIGNER, TrialTls.made(9), "");
        assertThat(one.url()).startsWith("https://127.0.0.1:");
        assertThat(one.post("/v1/chains/main/transactions", "{\"data\":{\"n\":1}}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(one.post("/v1/chains/main/leaps", "{}").statusCode()).isIn(200, 201);
        Member two = start(Samples.OTHER, TrialTls.made(9), "", one.url());
        await().until(() -> live(one) == 1 && live(two) == 1);
        assertThat(one.get("/v1/peers").getJsonArray("peers").getJsonObject(0).getString("address"))
                .isEqualTo(two.url());
        await().until(() -> head(two).equals(head(one)));
        assertThat(two.post("/v1/chains/main/transactions", "{\"data\":{\"n\":2}}")
                        .statusCode())
                .isEqualTo(202);
        assertThat(two.post("/v1/chains/main/leaps", "{}").statusCode()).isIn(200, 201);
        await().until(() -> head(two).equals(head(one)));
    }

    @Test
    void whereAuthoritiesAreNamedOthersAreNotCalled() throws Exception {
        Made vouched = TrialTls.made(9);
        Path authorities = Files.writeString(directory.resolve("ca.crt"), vouched.certificate());
        Member known = start(Samples.SIGNER, vouched, "");
        Member stranger = start(Samples.OTHER, TrialTls.made(9), "");
        Signer third = Ed25519.signer(Samples.seed("third"));
        Member caller = start(third, TrialTls.made(9), authorities.toString(), known.url(), stranger.url());
        await().until(() -> live(caller) == 1);
        await().until(() -> !error(caller, stranger).isEmpty());
        assertThat(error(caller, known)).isEmpty();
    }

    private static String error(Member caller, Member peer) throws IOException, InterruptedException {
        JsonArray peers = caller.get("/v1/peers").getJsonArray("peers");
        for (int i = 0; i < peers.size(); i++) {
            JsonObject shown = peers.getJsonObject(i);
            if (shown.getString("address").equals(peer.url())) {
                return shown.getString("lastError", "");
            }
        }
        return "";
    }
}
