package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Chance;
import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.NodeConfig;
import io.qbc.e2e.hostile.HeldSockets;
import io.qbc.e2e.hostile.PeerAttacks;
import io.qbc.e2e.hostile.RawCaller;
import io.qbc.http.MetricsText;
import io.qbc.model.ChainSpec;
import io.vertx.core.Vertx;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole node under the attacks of peers that are none: nothing of what they send stays. */
class HostilePeersTest {
    private static final ChainSpec SPEC = Samples.pow("main");

    @TempDir
    Path data;

    private Vertx vertx;
    private NodeConfig config;
    private PeerAttacks attacks;

    @BeforeEach
    void begin() throws Exception {
        // Limits must hold by themselves, and not because who reaches them is banned.
        start(data.resolve("lenient"), 0);
    }

    private void start(Path directory, int banScore) throws Exception {
        vertx = Node.vertx();
        NodeConfig base = Samples.config(directory, 0);
        config = Addresses.withPort(Samples.with(base, budgets(base), gossip(base.gossip(), banScore)));
        NodeParts parts = new NodeParts(config, List.of(SPEC), Samples.SIGNER, Addresses.advertised(config));
        Patience.get(Node.of(vertx, Wiring.of(parts)).start());
        attacks = new PeerAttacks(new RawCaller(config.port(), "127.0.0.1"), SPEC, Chance.random());
    }

    private static NodeConfig.Gossip gossip(NodeConfig.Gossip base, int banScore) {
        return new NodeConfig.Gossip(
                base.networks(),
                base.peersMax(),
                base.callTimeout(),
                base.backoffMin(),
                base.backoffMax(),
                base.heartbeat(),
                base.batchIds(),
                base.batchBytes(),
                base.limits(),
                base.peerCa(),
                base.ports(),
                new NodeConfig.Conduct(banScore, Duration.ofHours(1), 0, 60));
    }

    /** One message of one address at once: the share of one is half of all. */
    private static NodeConfig.Budgets budgets(NodeConfig base) {
        NodeConfig.Budgets shipped = base.budgets();
        return new NodeConfig.Budgets(
                2L * base.gossip().limits().messageBytes(),
                shipped.streamBytes(),
                shipped.stallTimeout(),
                shipped.rateBytes(),
                50,
                List.of());
    }

    @AfterEach
    void end() {
        Patience.get(vertx.close());
    }

    @Test
    void offersThatCostNothingLeaveNothing() {
        assertThat(attacks.offerEmptySeals(51, 60_000)).containsOnly(400);
        // They are well formed, and refused for want of work before they are kept.
        assertThat(attacks.offerIds(5, 50_000)).containsOnly(200);
        assertThat(attacks.offerIds(1, 100_001)).containsOnly(400);
        assertThat(metric("qbc_orphans")).isZero();
        nothingIsUnderWay();
    }

    @Test
    void whoGoesOnIsBannedAndNothingOfItStays() throws Exception {
        end();
        start(data.resolve("strict"), 100);
        assertThat(attacks.offerEmptySeals(10, 60_000)).containsOnly(400);
        assertThat(attacks.offerEmptySeals(3, 60_000)).containsOnly(403);
        assertThat(attacks.announce(1, 10)).containsOnly(403);
        assertThat(metric("qbc_peer_bans")).isEqualTo(1);
        assertThat(metric("qbc_chain_height{chain=\"main\"}")).isZero();
        assertThat(metric("qbc_pool_transactions{chain=\"main\"}")).isZero();
        assertThat(metric("qbc_orphans")).isZero();
        nothingIsUnderWay();
    }

    @Test
    void whatNobodyProvedIsNotRead() {
        double before = metric("qbc_peer_requests_total{result=\"read\"}");
        assertThat(attacks.forge(5)).containsOnly(409);
        assertThat(metric("qbc_peer_requests_total{result=\"read\"}")).isEqualTo(before);
        assertThat(metric("qbc_peer_requests_total{result=\"unread\"}")).isGreaterThanOrEqualTo(5);
        nothingIsUnderWay();
    }

    @Test
    void listsAreAsLongAsTheyMayBeAndNoLonger() {
        assertThat(attacks.announce(3, 10_000)).containsOnly(200);
        assertThat(attacks.announce(3, 10_001)).containsOnly(400);
        assertThat(attacks.announce(2, 500_000)).containsOnly(400);
        assertThat(attacks.announce(2, 2_000_000)).isSubsetOf(413, RawCaller.CUT_OFF);
        nothingIsUnderWay();
    }

    @Test
    void bodiesThatAreHeldOpenTakeTheirShareAndNoMore() {
        int share = config.gossip().limits().messageBytes();
        String type = "application/octet-stream";
        try (HeldSockets first = HeldSockets.bodies(config.port(), "127.0.0.1", 1, "/v1/peer/quant", type, share);
                HeldSockets more = HeldSockets.bodies(config.port(), "127.0.0.1", 7, "/v1/peer/quant", type, share)) {
            // One after the other: of two that grow at once, each may take what the other one needs.
            first.write(new byte[share - 1]);
            await().untilAsserted(
                            () -> assertThat(metric("qbc_http_body_bytes")).isEqualTo(share));
            more.write(new byte[share - 1]);
            assertThat(metric("qbc_http_body_bytes")).isEqualTo(share);
            assertThat(attacks.announce(1, 10_000)).isSubsetOf(503, RawCaller.CUT_OFF);
        }
        nothingIsUnderWay();
        assertThat(attacks.announce(1, 10_000)).containsOnly(200);
    }

    private void nothingIsUnderWay() {
        await().untilAsserted(() -> assertThat(metric("qbc_http_body_bytes")).isZero());
    }

    private double metric(String name) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(Addresses.local(config) + "/metrics"))
                .timeout(Patience.ANSWER)
                .build();
        try {
            String page = HttpClient.newHttpClient()
                    .send(request, BodyHandlers.ofString())
                    .body();
            return MetricsText.value(page, name);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }
}
