package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Follow;
import io.qbc.bus.Catalogue.Following;
import io.qbc.bus.Catalogue.ForwardLeap;
import io.qbc.bus.Catalogue.Known;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Failure;
import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.protocol.message.Listing;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Status;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.spec.ForkReader;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ManyChainsTest extends PeerNetwork {
    private static final NodeConfig.Chains NOTHING = new NodeConfig.Chains(Choice.NONE, List.of(), 100);

    @Test
    void aChainMadeAtOneNodeIsFollowedByItsPeers() {
        TestNode a = node("a");
        TestNode b = node("signer", a.address());
        await().untilAsserted(() -> assertThat(b.live()).hasSize(1));
        ChainSpec orders = TestNode.dbc("orders");
        a.ledgers.bang(orders);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).contains("orders"));
        FakeLedger there = b.ledgers.find(orders.id()).orElseThrow();
        FakeLedger here = a.ledgers.find(orders.id()).orElseThrow();
        here.client(Samples.transaction(orders, 1));
        await().untilAsserted(() -> assertThat(there.stored()).hasSize(1));
        there.leap();
        await().untilAsserted(() -> assertThat(here.headHash()).isEqualTo(there.headHash()));
    }

    @Test
    void aForkWaitsForItsParent() {
        TestNode a = node("a");
        ChainSpec parent = TestNode.dbc("parent");
        FakeLedger ledger = a.ledgers.add(parent);
        ledger.leap();
        ledger.leap();
        Head head = ledger.tip().head();
        ChainSpec.ForkPoint point = new ChainSpec.ForkPoint(
                parent.id(),
                head.height(),
                head.hash(),
                head.header().treeSize(),
                head.header().root());
        Bytes request = Bytes.utf8("{\"name\":\"fork\"}");
        ChainSpec fork = ForkReader.read(request, "test", parent, point, Samples.SIGNER.key(), 1);
        a.ledgers.add(fork);
        // The parent is not listed and comes all the same, since the fork stands on it.
        TestNode b = new TestNode("b", data, g -> g, List.of(a.address()), true)
                .following(new NodeConfig.Chains(Choice.LISTED, List.of("fork"), 100));
        closing(b);
        a.down();
        a.up();
        b.up();
        await().untilAsserted(() -> assertThat(b.ledgers.names()).containsExactly("fork", "main", "parent"));
        assertThat(b.ledgers.find(parent.id()).orElseThrow().height()).isEqualTo(2);
    }

    @Test
    void followingBeginsAndEndsAtRunTimeAndOutlivesARestart() {
        TestNode a = node("a");
        ChainSpec orders = TestNode.dbc("orders");
        a.ledgers.bang(orders);
        TestNode b = new TestNode("b", data, g -> g, List.of(a.address()), true).following(NOTHING);
        closing(b);
        follow(b.up(), "orders", true);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).contains("orders"));
        FakeLedger here = b.ledgers.find(orders.id()).orElseThrow();
        FakeLedger there = a.ledgers.find(orders.id()).orElseThrow();
        there.leap();
        await().untilAsserted(() -> assertThat(here.height()).isEqualTo(1));

        assertThat(follow(b, orders.id().hex(), false).followed()).containsExactly("main");
        b.down();
        b.up();
        await().untilAsserted(() -> assertThat(b.live()).hasSize(1));
        there.leap();
        a.ledger.leap();
        await().untilAsserted(() -> assertThat(b.ledger.height()).isEqualTo(1));
        assertThat(here.height()).isEqualTo(1);
        assertThat(b.status(PeerMethod.SPEC, new Message.About(orders.id()))).isEqualTo(404);

        Following following = follow(b, "orders", true);
        assertThat(following.followed()).containsExactlyInAnyOrder("main", "orders");
        // Whether the peer is known to be ahead by now depends on what its greeting has told already.
        assertThat(following.known())
                .containsAnyOf(
                        new Known(orders.id(), "orders", true, false), new Known(orders.id(), "orders", true, true));
        await().untilAsserted(() -> assertThat(here.headHash()).isEqualTo(there.headHash()));
    }

    @Test
    void aDroppedChainIsNotFetchedAgainUnlessSomebodyFollowsIt() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        ChainSpec orders = TestNode.dbc("orders");
        a.ledgers.bang(orders);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).contains("orders"));
        b.ledgers.drop(orders.id());
        ChainSpec later = TestNode.dbc("later");
        a.ledgers.bang(later);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).contains("later"));
        int heartbeats = b.calls("head");
        await().untilAsserted(() -> assertThat(b.calls("head")).isGreaterThan(heartbeats + 2));
        assertThat(b.ledgers.names()).doesNotContain("orders");
        follow(b, "orders", true);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).contains("orders"));
    }

    @Test
    void aLeapGoesToAPeerThatMay() {
        TestNode a = node("signer");
        TestNode b = node("b", a.address());
        ChainSpec orders = TestNode.dbc("orders");
        b.ledgers.bang(orders);
        await().untilAsserted(() -> assertThat(a.ledgers.names()).contains("orders"));
        await().untilAsserted(() -> assertThat(knownAt(b)).contains("orders"));
        FakeLedger here = b.ledgers.find(orders.id()).orElseThrow();
        here.client(Samples.transaction(orders, 1));
        // The answer waits for the quant only so long.
        b.stopClock();
        Leaped leaped = TestNode.await(b.bus.ask(Catalogue.FORWARD_LEAP, new ForwardLeap(orders.id())));
        assertThat(leaped.count()).isEqualTo(1);
        assertThat(here.headHash()).isEqualTo(leaped.head().hash());
        Refusal alone = TestNode.await(a.bus.ask(Catalogue.FORWARD_LEAP, new ForwardLeap(orders.id()))
                .map(answer -> Reason.INTERNAL.refusal("leapt: " + answer))
                .otherwise(Failure::of));
        assertThat(alone.reason()).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
    }

    @Test
    void aSpecThatIsNotTheChainsIsNotMade() {
        TestNode a = node("a");
        LyingPeer liar = new LyingPeer(Ed25519.signer(Samples.seed("liar")), new Hash(1, 2, 3, 4), List.of());
        closing(liar);
        assertThat(a.discover(liar.address())).isEmpty();
        await().untilAsserted(() -> assertThat(liar.specs.get()).isPositive());
        int heartbeats = liar.specs.get();
        await().untilAsserted(() -> assertThat(liar.specs.get()).isGreaterThan(heartbeats));
        assertThat(a.ledgers.names()).containsExactly("main");
    }

    /** Nobody waits longer than the tests do for a peer that gave a wrong spec, and another one has the right one. */
    @Test
    void aSpecThatOnePeerDoesNotGiveComesFromAnother() {
        ChainSpec orders = TestNode.dbc("orders");
        TestNode honest = node("honest");
        honest.ledgers.bang(orders);
        await().untilAsserted(
                        () -> assertThat(status(honest, Mark.NONE).chains()).hasSize(2));
        LyingPeer liar = closing(new LyingPeer(Ed25519.signer(Samples.seed("liar")), orders.id(), List.of()));
        TestNode node = closing(TestNode.start("node", data, ManyChainsTest::patient));
        assertThat(node.discover(liar.address())).isEmpty();
        await().untilAsserted(() -> assertThat(liar.specs.get()).isPositive());
        assertThat(node.discover(honest.address())).isEmpty();
        await().untilAsserted(() -> assertThat(node.ledgers.names()).contains("orders"));
        assertThat(liar.specs.get()).isEqualTo(1);
    }

    private static NodeConfig.Gossip patient(NodeConfig.Gossip base) {
        Duration longer = Patience.CONDITION.multipliedBy(10);
        return new NodeConfig.Gossip(
                base.networks(),
                base.peersMax(),
                base.callTimeout(),
                longer,
                longer,
                base.heartbeat(),
                base.batchIds(),
                base.batchBytes(),
                base.limits());
    }

    @Test
    void oneOfManyChainsMovesAndOnlyItIsTold() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        List<ChainSpec> many =
                IntStream.range(0, 200).mapToObj(i -> TestNode.dbc("c" + i)).toList();
        many.forEach(a.ledgers::bang);
        await().untilAsserted(() -> assertThat(b.ledgers.names()).hasSize(201));
        await().untilAsserted(() -> assertThat(knownAt(b)).hasSize(201));
        Status whole = status(a, Mark.NONE);
        assertThat(whole.since()).isZero();
        assertThat(whole.chains()).hasSize(201);
        assertThat(status(a, whole.mark()).chains()).isEmpty();
        FakeLedger moved = a.ledgers.find(many.get(7).id()).orElseThrow();
        moved.leap();
        await().untilAsserted(() -> assertThat(status(a, whole.mark()).chains())
                .extracting(Listing::name)
                .containsExactly("c7"));
        assertThat(status(a, whole.mark()).digest()).isNotEqualTo(whole.digest());
        assertThat(status(a, new Mark(whole.mark().session() + 1, 5)).chains()).hasSize(201);
        FakeLedger there = b.ledgers.find(many.get(7).id()).orElseThrow();
        await().untilAsserted(() -> assertThat(there.headHash()).isEqualTo(moved.headHash()));
    }

    private static Status status(TestNode node, Mark known) {
        return node.ask(PeerMethod.HEAD, new AskStatus(known));
    }

    private static Following follow(TestNode node, String chain, boolean follow) {
        return TestNode.await(node.bus.ask(Catalogue.FOLLOW, new Follow(chain, follow)));
    }

    private static List<String> knownAt(TestNode node) {
        return TestNode.await(node.bus.ask(Catalogue.FIND_FOLLOWING, new Catalogue.FindFollowing())).known().stream()
                .map(Known::name)
                .toList();
    }
}
