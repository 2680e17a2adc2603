package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.model.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GossipTest extends PeerNetwork {
    /** Longer than any test waits. */
    private static final Duration FAR = Patience.CONDITION.multipliedBy(5);

    @Test
    void aTransactionReachesEveryNodeOnce() {
        List<TestNode> nodes = threeNodes();
        // Who is asked for a transaction and takes too long is not the only one who is asked.
        nodes.forEach(TestNode::stopClock);
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
    void aSlowPeerDelaysNobodyElse() {
        // Whoever waited for the slow peer's answers would wait too long.
        TestNode a = TestNode.start("a", data, g -> TestNode.fast(g.batchBytes(), FAR));
        closing(a);
        TestNode slow = node("slow", a.address());
        TestNode c = node("c", a.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(2));
        slow.slow(FAR.toMillis());
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        a.ledger.leap();
        awaitOneHead(List.of(a, c));
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 2));
        await().untilAsserted(() -> assertThat(c.ledger.stored()).hasSize(2));
        a.ledger.leap();
        awaitOneHead(List.of(a, c));
    }

    @Test
    void aNodeThatCannotBeCalledBringsItsQuantsItself() {
        TestNode a = node("a");
        TestNode hidden = new TestNode("hidden", data, g -> g, List.of(a.address()), false);
        closing(hidden);
        for (int i = 0; i < 5; i++) {
            hidden.ledger.client(Samples.transaction(TestNode.CHAIN, i));
            hidden.ledger.leap();
        }
        hidden.up();
        awaitOneHead(List.of(a, hidden));
        assertThat(a.live()).isEmpty();
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
        a.bus.tell(Catalogue.HEAD_MOVED, new HeadMoved(TestNode.CHAIN.id(), a.ledger.tip(), 1, List.of()));
        await().untilAsserted(() -> assertThat(b.calls("ids")).isGreaterThan(settled));
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
}
