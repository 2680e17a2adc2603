package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.config.NodeConfig;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A canary listens where a node may not call: whatever it is told, in whatever spelling, the canary hears nothing. */
class CanaryTest extends PeerNetwork {
    private static List<String> spellings(int port) {
        return List.of(
                "http://127.0.0.1:" + port,
                "http://127.0.0.1:" + port + "/",
                "https://127.0.0.1:" + port,
                "http://127.1:" + port,
                "http://127.0.1:" + port,
                "http://2130706433:" + port,
                "http://0x7f000001:" + port,
                "http://0x7f.0.0.1:" + port,
                "http://0177.0.0.1:" + port,
                "http://017700000001:" + port,
                "http://127.0.0.01:" + port,
                "http://127.0.0.1.:" + port,
                "http://127.0.0.1%2e:" + port,
                "http://%31%32%37.0.0.1:" + port,
                "http://localhost:" + port,
                "http://LOCALHOST:" + port,
                "http://localhost.:" + port,
                "http://0:" + port,
                "http://0.0.0.0:" + port,
                "http://[::]:" + port,
                "http://[::ffff:127.0.0.1]:" + port,
                "http://[::ffff:7f00:1]:" + port,
                "http://[::127.0.0.1]:" + port,
                "http://[64:ff9b::7f00:1]:" + port,
                "http://[2002:7f00:1::]:" + port,
                "http://[::1%25lo]:" + port,
                "http://user@127.0.0.1:" + port,
                "http://example.org:80@127.0.0.1:" + port,
                "http://127.0.0.1:" + port + "/v1/chains",
                "http://127.0.0.1:" + port + "?x=1",
                "http://127.0.0.1:" + port + "#x",
                "http://127.0.0.1:" + port + "\\@example.org",
                "http://127.0.0.1\t:" + port,
                "http://127.0.0.1:" + port + "\r\nHost: x",
                "http:127.0.0.1:" + port,
                "//127.0.0.1:" + port,
                "127.0.0.1:" + port,
                "ftp://127.0.0.1:" + port,
                "file:///etc/passwd",
                "gopher://127.0.0.1:" + port,
                "http://\uff11\uff12\uff17.0.0.1:" + port,
                "http://\u2460\u2461\u2466.0.0.1:" + port,
                "http://127\u30020\u30020\u30021:" + port);
    }

    @Test
    void aNodeThatMayNotCallThisMachineDoesNotInAnySpelling() {
        TestNode node = closing(TestNode.start("node", data, g -> networks(g, "10.0.0.0/8")));
        AtomicInteger connections = new AtomicInteger();
        int port = canary(node, connections);
        for (String spelling : spellings(port)) {
            assertThat(node.discover(spelling))
                    .as(spelling)
                    .map(Refusal::reason)
                    .hasValueSatisfying(
                            reason -> assertThat(reason).isIn(Reason.PEER_REFUSED, Reason.PEER_UNREACHABLE));
        }
        assertThat(connections).hasValue(0);
        assertThat(node.peers().peers()).isEmpty();
    }

    @Test
    void aPortThatIsNotPermittedIsNotCalled() {
        AtomicInteger connections = new AtomicInteger();
        TestNode listening = node("listening");
        int port = canary(listening, connections);
        TestNode node = closing(TestNode.start("node", data, g -> ports(g, "1-" + (port - 1), port + 1 + "-65535")));
        assertThat(node.discover("http://127.0.0.1:" + port))
                .map(Refusal::reason)
                .contains(Reason.PEER_REFUSED);
        assertThat(connections).hasValue(0);
        // The operator's own word is enough.
        TestNode told = closing(TestNode.start(
                "told", data, g -> ports(g, "1-" + (port - 1), port + 1 + "-65535"), "http://127.0.0.1:" + port));
        await().untilAsserted(() -> assertThat(connections).hasPositiveValue());
        assertThat(told.live()).isEmpty();
    }

    /** Whoever asks learns the same of a port where nobody listens, and of one where something else answers. */
    @Test
    void failuresReadAlike() {
        TestNode node = node("node");
        TestNode away = node("away");
        away.down();
        int redirects = TestNode.await(node.vertx
                        .createHttpServer()
                        .requestHandler(request -> request.response()
                                .setStatusCode(302)
                                .putHeader("Location", away.address())
                                .end())
                        .listen(0, "127.0.0.1"))
                .actualPort();
        int cuts = TestNode.await(node.vertx
                        .createNetServer()
                        .connectHandler(socket -> socket.close())
                        .listen(0, "127.0.0.1"))
                .actualPort();
        List<Refusal> refusals = List.of(
                node.discover(away.address()).orElseThrow(),
                node.discover("http://127.0.0.1:" + redirects).orElseThrow(),
                node.discover("http://127.0.0.1:" + cuts).orElseThrow(),
                node.discover("http://nobody.invalid:5000").orElseThrow());
        assertThat(refusals).allSatisfy(refusal -> assertThat(refusal).isEqualTo(refusals.get(0)));
        assertThat(refusals.get(0).reason()).isEqualTo(Reason.PEER_UNREACHABLE);
    }

    private static int canary(TestNode node, AtomicInteger connections) {
        return TestNode.await(node.vertx
                        .createNetServer()
                        .connectHandler(socket -> connections.incrementAndGet())
                        .listen(0, "127.0.0.1"))
                .actualPort();
    }

    private static NodeConfig.Gossip networks(NodeConfig.Gossip base, String... networks) {
        return changed(base, List.of(networks), base.ports());
    }

    private static NodeConfig.Gossip ports(NodeConfig.Gossip base, String... ports) {
        return changed(base, base.networks(), List.of(ports));
    }

    private static NodeConfig.Gossip changed(NodeConfig.Gossip base, List<String> networks, List<String> ports) {
        return new NodeConfig.Gossip(
                networks,
                base.peersMax(),
                base.callTimeout(),
                base.backoffMin(),
                base.backoffMax(),
                base.heartbeat(),
                base.batchIds(),
                base.batchBytes(),
                base.limits(),
                base.peerCa(),
                ports,
                base.conduct());
    }
}
