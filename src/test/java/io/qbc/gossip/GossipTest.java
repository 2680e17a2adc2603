package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.model.Ed25519;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GossipTest {
    private final List<AutoCloseable> open = new ArrayList<>();

    @TempDir
    Path data;

    @BeforeEach
    void patience() {
        org.awaitility.Awaitility.setDefaultTimeout(Duration.ofSeconds(15));
        org.awaitility.Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
    }

    @Test
    void onePeerOptionMakesAllKnowEachOther() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        TestNode c = node("c", a.address());
        TestNode d = node("d", b.address());
        for (TestNode node : List.of(a, b, c, d)) {
            await().untilAsserted(() -> assertThat(node.live()).hasSize(3).doesNotContain(node.address()));
        }
        assertThat(a.peers().self()).isEqualTo(a.key());
        assertThat(a.peers().address()).isEqualTo(a.address());
        assertThat(a.peers().peers()).allSatisfy(peer -> {
            assertThat(peer.key().size()).isEqualTo(32);
            assertThat(peer.seenAt()).isPositive();
        });
    }

    @Test
    void aTransactionReachesEveryNodeOnce() {
        List<TestNode> nodes = threeNodes();
        List<Transaction> sent = new ArrayList<>();
        for (int i = 0; i < 350; i++) {
            Transaction transaction = Samples.transaction(TestNode.CHAIN, i);
            sent.add(transaction);
            nodes.get(i % 3).ledger.client(transaction);
        }
        for (TestNode node : nodes) {
            await().untilAsserted(() -> assertThat(node.ledger.stored())
                    .containsExactlyInAnyOrderElementsOf(
                            sent.stream().map(Transaction::id).toList()));
        }
        assertThat(nodes).allSatisfy(node -> assertThat(node.ledger.repeated()).isZero());
    }

    @Test
    void aQuantReachesEveryNodeWithTheTransactionsThatMiss() {
        List<TestNode> nodes = threeNodes();
        nodes.get(0).ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        nodes.get(0).ledger.client(Samples.transaction(TestNode.CHAIN, 2));
        nodes.get(0).ledger.leap();
        nodes.get(0).ledger.leap();
        awaitOneHead(nodes);
        assertThat(nodes.get(2).ledger.height()).isEqualTo(2);
    }

    @Test
    void aBigQuantTravelsInPieces() {
        TestNode a = node("a");
        TestNode b = small("b", a.address());
        await().untilAsserted(() -> assertThat(b.live()).hasSize(1));
        for (int i = 0; i < 400; i++) {
            String json = "{\"n\":" + i + ",\"text\":\"" + "x".repeat(200) + "\"}";
            b.ledger.client(Samples.transaction(TestNode.CHAIN, i, json));
        }
        b.ledger.leap();
        awaitOneHead(List.of(a, b));
        assertThat(a.calls("transactions")).isGreaterThan(5);
    }

    @Test
    void aPeerThatIsAwayComesBackByItself() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        b.down();
        await().untilAsserted(() -> assertThat(a.live()).isEmpty());
        assertThat(a.peers().peers()).hasSize(1);
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        b.up();
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        await().untilAsserted(() -> assertThat(b.ledger.stored()).hasSize(1));
    }

    @Test
    void aConfiguredPeerThatNeverAnsweredIsTriedOn() {
        TestNode b = node("b");
        b.down();
        TestNode a = node("a", b.address());
        await().untilAsserted(() ->
                assertThat(a.peers().peers()).hasSize(1).allMatch(peer -> !peer.live() && peer.failures() >= 6));
        b.up();
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
    }

    @Test
    void aSlowPeerDelaysNobodyElse() {
        TestNode a = node("a");
        TestNode slow = node("slow", a.address());
        TestNode c = node("c", a.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(2));
        slow.slow(1500);
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        a.ledger.leap();
        await().atMost(Duration.ofMillis(1200))
                .untilAsserted(() -> assertThat(c.ledger.headHash()).isEqualTo(a.ledger.headHash()));
        assertThat(slow.ledger.height()).isLessThanOrEqualTo(1);
        slow.slow(0);
        awaitOneHead(List.of(a, slow, c));
    }

    @Test
    void aNodeThatCannotBeCalledBringsItsQuantsItself() {
        TestNode a = node("a");
        TestNode hidden = new TestNode("hidden", data, g -> g, List.of(a.address()), false);
        open.add(hidden);
        for (int i = 0; i < 5; i++) {
            hidden.ledger.client(Samples.transaction(TestNode.CHAIN, i));
            hidden.ledger.leap();
        }
        hidden.up();
        awaitOneHead(List.of(a, hidden));
        assertThat(a.live()).isEmpty();
    }

    @Test
    void peersAreWrittenDownAndChallengedAgainAtTheStart() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(1));
        await().untilAsserted(() -> assertThat(Files.readString(data.resolve("a/peers.json")))
                .contains(b.address(), b.key().hex()));
        a.down();
        a.up();
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
    }

    @Test
    void aDamagedPeersFileDoesNotKeepTheNodeFromStarting() throws Exception {
        Files.createDirectories(data.resolve("a"));
        Files.writeString(data.resolve("a/peers.json"), "{\"peers\": [{]");
        TestNode b = node("b");
        TestNode a = node("a", b.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(1));
    }

    @Test
    void discoverChallengesFirst() {
        TestNode a = node("a");
        TestNode b = node("b");
        assertThat(a.discover(b.address())).isEmpty();
        assertThat(a.discover(b.address() + "/")).isEmpty();
        assertThat(a.live()).containsExactly(b.address());
        await().untilAsserted(() -> assertThat(b.live()).containsExactly(a.address()));
        assertThat(a.discover(a.address())).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        assertThat(a.discover("http://127.0.0.1:1")).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
        assertThat(a.discover("http://nobody.invalid:1")).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
        assertThat(a.discover("http://127.1:1")).map(Refusal::reason).contains(Reason.PEER_REFUSED);
    }

    @Test
    void aForbiddenAddressGetsNoCall() {
        TestNode a = node("a");
        AtomicInteger connections = new AtomicInteger();
        int canary = TestNode.await(a.vertx
                        .createNetServer()
                        .connectHandler(socket -> connections.incrementAndGet())
                        .listen(0, "127.0.0.2"))
                .actualPort();
        String forbidden = "http://127.0.0.2:" + canary;
        assertThat(a.discover(forbidden)).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        assertThat(a.discover("http://[::ffff:127.0.0.2]:" + canary))
                .map(Refusal::reason)
                .contains(Reason.PEER_REFUSED);
        TestNode b = node("b", a.address(), forbidden);
        await().untilAsserted(() -> assertThat(b.peers().peers())
                .anyMatch(peer -> peer.address().equals(forbidden) && peer.failures() > 3));
        assertThat(connections).hasValue(0);
    }

    @Test
    void noMorePeersThanPermitted() {
        TestNode a = TestNode.start(
                "a",
                data,
                g -> new io.qbc.config.NodeConfig.Gossip(
                        g.networks(),
                        1,
                        g.callTimeout(),
                        g.backoffMin(),
                        g.backoffMax(),
                        g.heartbeat(),
                        g.batchIds(),
                        g.batchBytes()));
        open.add(a);
        TestNode b = node("b");
        TestNode c = node("c");
        assertThat(a.discover(b.address())).isEmpty();
        assertThat(a.discover(c.address())).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        assertThat(a.peers().peers()).hasSize(1);
    }

    @Test
    void waitingTransactionsAreAnnouncedAgainAfterAReorganisation() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(1));
        int before = b.calls("ids");
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        await().untilAsserted(() -> assertThat(b.calls("ids")).isGreaterThan(before));
        await().untilAsserted(() -> assertThat(b.ledger.stored()).hasSize(1));
        int settled = b.calls("ids");
        a.bus.tell(
                Catalogue.HEAD_MOVED,
                new HeadMoved(TestNode.CHAIN.id(), a.ledger.tip().head(), 1, List.of()));
        await().untilAsserted(() -> assertThat(b.calls("ids")).isGreaterThan(settled));
    }

    @Test
    void aSignatureOfAnotherKeyIsNoPeer() {
        TestNode a = node("a");
        LyingPeer honest = new LyingPeer(Ed25519.signer(Samples.seed("x")), TestNode.CHAIN.id(), List.of());
        LyingPeer forger = new LyingPeer(
                new io.qbc.model.Signer() {
                    @Override
                    public io.qbc.model.Bytes key() {
                        return Samples.SIGNER.key();
                    }

                    @Override
                    public io.qbc.model.Bytes sign(byte[] message) {
                        return Samples.OTHER.sign(message);
                    }
                },
                TestNode.CHAIN.id(),
                List.of());
        open.add(honest);
        open.add(forger);
        assertThat(a.discover(forger.address())).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
        assertThat(a.discover(honest.address())).isEmpty();
    }

    private List<TestNode> threeNodes() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        TestNode c = node("c", a.address());
        List<TestNode> nodes = List.of(a, b, c);
        for (TestNode node : nodes) {
            await().untilAsserted(() -> assertThat(node.live()).hasSize(2));
        }
        return nodes;
    }

    private static void awaitOneHead(List<TestNode> nodes) {
        for (TestNode node : nodes) {
            await().untilAsserted(() -> {
                assertThat(node.ledger.height()).isPositive();
                assertThat(node.ledger.headHash()).isEqualTo(nodes.get(0).ledger.headHash());
            });
        }
    }

    private TestNode node(String name, String... peers) {
        TestNode node = TestNode.start(name, data, peers);
        open.add(node);
        return node;
    }

    private TestNode small(String name, String... peers) {
        TestNode node = TestNode.start(name, data, g -> TestNode.fast(8192, g.callTimeout()), peers);
        open.add(node);
        return node;
    }
}
