package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Append;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.Part;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatchUpTest extends PeerNetwork {
    private static final int QUANTS = 400;

    @Test
    void aFreshNodeTakesTheWholeChain() {
        TestNode a = grown("a", QUANTS);
        TestNode b = small("b", a.address());
        awaitSame(a, b);
        assertThat(b.ledger.stored()).isEqualTo(a.ledger.stored());
        await().untilAsserted(() -> assertThat(b.peers().catchUps()).isEmpty());
    }

    @Test
    void anotherPeerTakesOverWhenOneDiesHalfWay() {
        TestNode a = grown("a", QUANTS);
        TestNode b = small("b", a.address());
        awaitSame(a, b);
        a.cutSyncAfter(2);
        TestNode c = small("c", a.address());
        await().untilAsserted(() -> assertThat(c.ledger.height()).isPositive());
        b.discover(c.address());
        awaitSame(a, c);
        assertThat(b.calls("sync")).isPositive();
    }

    @Test
    void aQuantBeyondTheMessageLimitIsFetchedInPieces() {
        TestNode a = large("a");
        TestNode b = small("b", a.address());
        awaitSame(a, b);
        assertThat(a.calls("rest")).isGreaterThan(3);
        assertThat(a.calls("fetch")).isZero();
    }

    @Test
    void aPeerThatGivesNoRestIsAskedById() {
        TestNode a = large("a");
        a.decline("rest");
        TestNode b = small("b", a.address());
        awaitSame(a, b);
        assertThat(a.calls("fetch")).isGreaterThan(3);
    }

    @Test
    void whatIsHereOfALargeQuantIsNotFetchedAgain() {
        TestNode a = large("a");
        TestNode b = small("b");
        for (int i = 0; i < 290; i++) {
            b.ledger.client(many(i));
        }
        b.discover(a.address());
        awaitSame(a, b);
        assertThat(a.calls("rest")).isZero();
    }

    private TestNode large(String name) {
        TestNode node = small(name);
        for (int i = 0; i < 300; i++) {
            node.ledger.client(many(i));
        }
        node.ledger.leap();
        node.ledger.leap();
        return node;
    }

    private static Transaction many(int n) {
        return Samples.transaction(TestNode.CHAIN, n, "{\"n\":" + n + ",\"text\":\"" + "x".repeat(200) + "\"}");
    }

    @Test
    void aBranchOfItsOwnGivesWayToTheHeavierOne() {
        TestNode a = grown("a", 20);
        TestNode b = small("b");
        for (int i = 0; i < 7; i++) {
            b.ledger.client(Samples.transaction(TestNode.CHAIN, 1000 + i));
            b.ledger.leap();
        }
        b.discover(a.address());
        awaitSame(a, b);
        await().untilAsserted(() -> assertThat(a.ledger.stored()).isEqualTo(b.ledger.stored()));
    }

    @Test
    void anOrphanMakesTheGapClose() {
        TestNode a = small("a");
        TestNode b = small("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).hasSize(1));
        for (int i = 0; i < 60; i++) {
            a.ledger.leap();
        }
        awaitSame(a, b);
    }

    @Test
    void aLyingHeadMakesNoLoop() {
        LyingPeer liar = new LyingPeer(Ed25519.signer(Samples.seed("liar")), TestNode.CHAIN.id(), List.of());
        closing(liar);
        TestNode a = small("a", liar.address());
        await().untilAsserted(() -> assertThat(liar.syncs).hasValueGreaterThan(3));
        // Nobody waits for what it says that it has.
        assertThat(TestNode.await(a.bus.ask(Catalogue.FIND_FOLLOWING, new Catalogue.FindFollowing()))
                        .known())
                .singleElement()
                .matches(known -> known.here() && !known.ahead());
        long begun = System.nanoTime();
        int before = liar.syncs.get();
        TestNode b = grown("b", 30);
        a.discover(b.address());
        awaitSame(a, b);
        // Without pauses there would be hundreds of calls in a second.
        assertThat(liar.syncs.get()).isLessThan(before + 50 + (int) pauses(begun));
    }

    @Test
    void aPeerWhoseQuantsAreRefusedIsLeftAlone() {
        TestNode source = grown("source", 3);
        Quant good = Samples.quant(TestNode.CHAIN, Tip.genesis(TestNode.CHAIN), List.of(), Samples.GENESIS_TIME + 1);
        Header bad = good.header().withProof(Bytes.EMPTY);
        Part part = new Part(new CompactQuant(bad, List.of(), List.of()), List.of());
        LyingPeer liar = new LyingPeer(Ed25519.signer(Samples.seed("liar")), TestNode.CHAIN.id(), List.of(part));
        closing(liar);
        TestNode a = small("a", liar.address());
        await().untilAsserted(() -> assertThat(liar.syncs).hasValueGreaterThan(1));
        a.discover(source.address());
        awaitSame(source, a);
        assertThat(a.ledger.height()).isEqualTo(3);
    }

    @Test
    void theSameQuantsForEverAreNotTaken() {
        long begun = System.nanoTime();
        TestNode source = grown("source", 2);
        Quant first = Samples.quant(TestNode.CHAIN, Tip.genesis(TestNode.CHAIN), List.of(), Samples.GENESIS_TIME + 1);
        LyingPeer liar = new LyingPeer(
                Ed25519.signer(Samples.seed("liar")),
                TestNode.CHAIN.id(),
                List.of(new Part(first.compactQuant(), List.of())));
        closing(liar);
        TestNode a = small("a");
        a.ledger.append(Append.foreign(TestNode.CHAIN.id(), first.compactQuant(), List.of()));
        a.discover(liar.address());
        await().untilAsserted(() -> assertThat(liar.syncs).hasValueGreaterThan(3));
        a.discover(source.address());
        awaitSame(source, a);
        assertThat(liar.syncs).hasValueLessThan(200 + (int) pauses(begun));
    }

    /** How many pauses there may have been since then: none is shorter than this. */
    private static long pauses(long begunNanos) {
        return Duration.ofNanos(System.nanoTime() - begunNanos).dividedBy(Duration.ofMillis(20));
    }

    private static void awaitSame(TestNode one, TestNode other) {
        await().untilAsserted(() -> assertThat(other.ledger.headHash()).isEqualTo(one.ledger.headHash()));
    }

    private TestNode grown(String name, int quants) {
        TestNode node = small(name);
        for (int i = 0; i < quants; i++) {
            node.ledger.client(Samples.transaction(TestNode.CHAIN, i));
            node.ledger.leap();
        }
        return node;
    }
}
