package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Warning;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PeersTest extends PeerNetwork {
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
            assertThat(peer.since()).isPositive().isLessThanOrEqualTo(peer.seenAt());
        });
        await().untilAsserted(() -> assertThat(a.peers().peers())
                .allSatisfy(peer -> assertThat(peer.latency()).isPresent()));
        d.down();
        await().untilAsserted(() -> assertThat(a.peers().peers())
                .filteredOn(peer -> peer.address().equals(d.address()))
                .singleElement()
                .satisfies(away -> assertThat(away.latency()).isEmpty()));
    }

    @Test
    void peersConnectOverIPv6() {
        TestNode a = closing(TestNode.startAt("::1", "a", data));
        assertThat(a.address()).startsWith("http://[::1]:");
        TestNode b = closing(TestNode.startAt("::1", "b", data, a.address()));
        await().untilAsserted(() -> assertThat(b.live()).containsExactly(a.address()));
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
    }

    @Test
    void aConfiguredPeerThatNeverAnsweredIsTriedOn() {
        TestNode b = node("b");
        b.down();
        TestNode a = node("a", b.address());
        await().untilAsserted(() ->
                assertThat(a.peers().peers()).hasSize(1).allMatch(peer -> !peer.live() && peer.failures() >= 6));
        assertThat(a.peers().peers())
                .allSatisfy(peer -> assertThat(peer.lastError()).contains("Connection refused"));
        b.up();
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        assertThat(a.peers().peers())
                .allSatisfy(peer -> assertThat(peer.lastError()).isEmpty());
    }

    @Test
    void twoNodesWithOneIdentityAreNoticedByBothAndByOthers() {
        TestNode one = node("twin");
        TestNode two = closing(TestNode.start("twin", data.resolve("copy"), one.address()));
        TestNode other = node("other", one.address(), two.address());
        await().untilAsserted(() -> assertThat(two.peers().peers())
                .allSatisfy(peer -> assertThat(peer.lastError()).contains("this node's identity")));
        for (TestNode node : List.of(one, two)) {
            await().untilAsserted(() ->
                    assertThat(node.warnings()).extracting(Warning::code).contains("identity_shared"));
        }
        await().untilAsserted(() -> assertThat(other.warnings())
                .extracting(Warning::detail)
                .anyMatch(detail -> detail.contains(one.key().hex())
                        && detail.contains(one.address())
                        && detail.contains(two.address())));
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
    void aChainOfWhichAPeerHasMoreIsToldOfUntilItIsHere() {
        TestNode a = node("a");
        a.ledger.leap();
        a.cutSyncAfter(0);
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(b.view().behind()).containsEntry(TestNode.CHAIN.id(), 1L));
        a.cutSyncAfter(Integer.MAX_VALUE);
        await().untilAsserted(() -> assertThat(b.view().behind()).isEmpty());
    }

    @Test
    void whereAPeerIsWithAChainIsShownToBeCompared() {
        TestNode a = node("a");
        a.ledger.leap();
        TestNode b = node("b", a.address());
        Head head = a.ledger.tip().head();
        await().untilAsserted(() -> assertThat(b.peers(TestNode.CHAIN.id()))
                .singleElement()
                .satisfies(peer -> {
                    assertThat(peer.height()).isEqualTo(head.height()).isPositive();
                    assertThat(peer.head()).contains(head.hash());
                }));
        assertThat(b.peers(Hash.ZERO)).singleElement().satisfies(peer -> {
            assertThat(peer.live()).isTrue();
            assertThat(peer.height()).isZero();
            assertThat(peer.head()).as("it is not known to have that").isEmpty();
        });
    }

    @Test
    void aClockThatDiffersFromThoseOfThePeersIsToldOf() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(b.live()).containsExactly(a.address()));
        assertThat(b.view().skewMillis()).as("it does not tell").isEmpty();
        a.ahead(Duration.ofMinutes(2));
        await().untilAsserted(() -> assertThat(b.warnings()).singleElement().satisfies(warning -> {
            assertThat(warning.code()).isEqualTo("clock_skewed");
            assertThat(warning.detail()).contains("behind those of its peers");
        }));
        a.ahead(Duration.ZERO);
        await().untilAsserted(() -> assertThat(b.warnings()).isEmpty());
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
        assertThat(a.warnings()).as("it knows itself").isEmpty();
        TestNode away = node("away");
        away.down();
        assertThat(a.discover(away.address())).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
        assertThat(a.discover("http://127.0.0.1:1"))
                .as("no permitted port")
                .map(Refusal::reason)
                .contains(Reason.PEER_REFUSED);
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
                g -> new NodeConfig.Gossip(
                        g.networks(),
                        1,
                        g.callTimeout(),
                        g.backoffMin(),
                        g.backoffMax(),
                        g.heartbeat(),
                        g.batchIds(),
                        g.batchBytes(),
                        g.limits()));
        closing(a);
        TestNode b = node("b");
        TestNode c = node("c");
        assertThat(a.discover(b.address())).isEmpty();
        assertThat(a.discover(c.address())).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        assertThat(a.peers().peers()).hasSize(1);
    }

    @Test
    void aSignatureOfAnotherKeyIsNoPeer() {
        TestNode a = node("a");
        LyingPeer honest = new LyingPeer(Ed25519.signer(Samples.seed("x")), TestNode.CHAIN.id(), List.of());
        LyingPeer forger = new LyingPeer(
                new Signer() {
                    @Override
                    public Bytes key() {
                        return Samples.SIGNER.key();
                    }

                    @Override
                    public Bytes sign(byte[] message) {
                        return Samples.OTHER.sign(message);
                    }

                    @Override
                    public Bytes derive(String label) {
                        return Samples.OTHER.derive(label);
                    }
                },
                TestNode.CHAIN.id(),
                List.of());
        closing(honest);
        closing(forger);
        assertThat(a.discover(forger.address())).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
        assertThat(a.discover(honest.address())).isEmpty();
    }
}
