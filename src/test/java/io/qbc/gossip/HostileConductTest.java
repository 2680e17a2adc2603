package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.BanPeer;
import io.qbc.bus.Catalogue.Conduct;
import io.qbc.bus.Catalogue.Unban;
import io.qbc.bus.Failure;
import io.qbc.config.Choice;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.Tip;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.FrameCodec;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.NetworkRules;
import io.qbc.protocol.session.TestCaller;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A scripted peer that tries each misbehaviour: it ends banned, and the node's chains and pool are as before. */
class HostileConductTest extends PeerNetwork {
    private static final Hash CHAIN = TestNode.CHAIN.id();
    private static final String HOSTILE = "203.0.113.7";
    private static final String OTHER = "203.0.113.8";
    private static final Signer LIAR = Ed25519.signer(Samples.seed("liar"));
    private static final Bytes ASK = frame(PeerMethod.HEAD, new AskStatus(Mark.NONE));
    private static final int MOST = 200;

    /** How many calls are answered until the caller is told that it is banned. */
    private static int untilBanned(TestCaller caller, String verb, Bytes frame) {
        int calls = 0;
        while (calls < MOST && caller.call(verb, frame).status() != 403) {
            calls++;
        }
        return calls;
    }

    private static TestCaller hostile(TestNode node) {
        return node.caller(HOSTILE, LIAR, NetworkRules.open("qbc"));
    }

    private static TestCaller other(TestNode node) {
        return node.caller(OTHER, Ed25519.signer(Samples.seed("other")), NetworkRules.open("qbc"));
    }

    private static <Q extends Message> Bytes frame(PeerMethod<Q, ?> method, Q request) {
        return method.request().codec().encode(request);
    }

    private static CompactQuant withoutWork() {
        Quant good = Samples.quant(TestNode.CHAIN, Tip.genesis(TestNode.CHAIN), List.of(), Samples.GENESIS_TIME + 1);
        Header bad = good.header().withProof(Bytes.EMPTY);
        return new CompactQuant(bad, List.of(), List.of());
    }

    /** Nothing of it stayed, and whoever behaves is served as before. */
    private static void nothingStayed(TestNode node) {
        assertThat(node.ledger.height()).isZero();
        assertThat(node.ledger.stored()).isEmpty();
        assertThat(node.ledgers.names()).containsExactly("main");
        assertThat(other(node).call("head", ASK).status()).isEqualTo(200);
    }

    private static Conduct conduct(TestNode node) {
        return node.peers().conduct();
    }

    @Test
    void whoOffersQuantsWithoutWorkIsBannedAtTheSecondOne() {
        TestNode node = node("node");
        Bytes offer = frame(PeerMethod.QUANT, new Offer(CHAIN, withoutWork(), List.of()));
        assertThat(untilBanned(hostile(node), "quant", offer)).isEqualTo(2);
        assertThat(node.banned()).containsExactly(LIAR.key().hex());
        assertThat(conduct(node).misbehaviours()).containsEntry("invalid_quant", 2L);
        nothingStayed(node);
    }

    @Test
    void anAddressWhereThreeKeysAreBannedIsBannedToo() {
        TestNode node = node("node");
        Bytes offer = frame(PeerMethod.QUANT, new Offer(CHAIN, withoutWork(), List.of()));
        for (String name : List.of("one", "two", "three")) {
            TestCaller caller = node.caller(HOSTILE, Ed25519.signer(Samples.seed(name)), NetworkRules.open("qbc"));
            assertThat(untilBanned(caller, "quant", offer)).isEqualTo(2);
        }
        assertThat(node.banned()).hasSize(4).contains(HOSTILE);
        assertThat(node.callFrom(HOSTILE, "hello", Bytes.EMPTY).status()).isEqualTo(403);
        assertThat(node.peers().traffic().refused()).isPositive();
        nothingStayed(node);
    }

    @Test
    void whoPushesForgedTransactionsIsBanned() {
        TestNode node = node("node");
        Transaction sound = Samples.transaction(TestNode.CHAIN, 1);
        Body body = sound.body();
        Transaction forged = Transaction.of(body, sound.salt(), Bytes.EMPTY, Bytes.utf8("{\"n\":2}"));
        Bytes push = frame(PeerMethod.TRANSACTIONS, new Push(CHAIN, List.of(forged)));
        assertThat(untilBanned(hostile(node), "transactions", push)).isEqualTo(4);
        assertThat(conduct(node).misbehaviours()).containsEntry("invalid_transaction", 4L);
        nothingStayed(node);
    }

    @Test
    void whoPushesWhatNobodyAskedForIsBanned() {
        TestNode node = node("node");
        Transaction sound = Samples.transaction(TestNode.CHAIN, 1);
        Bytes push = frame(PeerMethod.TRANSACTIONS, new Push(CHAIN, List.of(sound)));
        TestCaller early = other(node);
        assertThat(early.call("transactions", push).status()).isEqualTo(200);
        assertThat(conduct(node).misbehaviours())
                .as("an earlier run may have asked")
                .containsEntry("unasked_data", 0L);
        node.stopClock(Duration.ofMinutes(30));
        assertThat(untilBanned(hostile(node), "transactions", push)).isEqualTo(5);
        assertThat(node.banned()).containsExactly(LIAR.key().hex());
        assertThat(conduct(node).misbehaviours()).containsEntry("unasked_data", 5L);
        assertThat(node.ledger.stored()).containsExactly(sound.id());
        assertThat(other(node).call("head", ASK).status()).isEqualTo(200);
    }

    @Test
    void whoProvesAKeyAndSendsNoMessagesIsBannedByIt() {
        TestNode node = node("node");
        byte[] whole = ASK.toArray();
        assertThat(untilBanned(hostile(node), "head", Bytes.wrap(whole, 0, whole.length - 1)))
                .isEqualTo(10);
        assertThat(node.banned()).containsExactly(LIAR.key().hex());
        nothingStayed(node);
    }

    @Test
    void whoProvesNothingIsBannedByItsAddressAndAnOlderVersionIsNot() {
        TestNode node = node("node");
        Bytes junk = Bytes.wrap(new byte[] {FrameCodec.VERSION, 1, 2});
        Bytes older = Bytes.wrap(new byte[] {1, 1, 2});
        for (int i = 0; i < 10; i++) {
            assertThat(node.callFrom(HOSTILE, "head", junk).status()).isEqualTo(400);
            assertThat(node.callFrom(OTHER, "head", older).status()).isEqualTo(400);
            assertThat(node.callFrom("127.0.0.1", "head", junk).status()).isEqualTo(400);
        }
        assertThat(node.callFrom(HOSTILE, "head", junk).status()).isEqualTo(403);
        assertThat(node.callFrom(OTHER, "head", older).status()).isEqualTo(400);
        assertThat(node.callFrom("127.0.0.1", "head", junk).status())
                .as("many nodes come from there")
                .isEqualTo(400);
        assertThat(node.banned()).containsExactly(HOSTILE);
        nothingStayed(node);
    }

    @Test
    void whoShowsAKeyThatItDoesNotHoldIsBannedByItsAddress() {
        TestNode node = node("node");
        Signer forger = new Signer() {
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
        };
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> node.caller(HOSTILE, forger, NetworkRules.open("qbc"))
                            .call("head", ASK))
                    .isInstanceOf(RuntimeException.class);
        }
        assertThat(node.banned()).containsExactly(HOSTILE);
        assertThat(conduct(node).misbehaviours()).containsEntry("invalid_signature", 2L);
    }

    @Test
    void whoCallsTooOftenIsPutOffAndWhoGoesOnIsBanned() {
        TestNode node = closing(TestNode.start(
                "node", data, g -> with(g, new NodeConfig.Conduct(100, Duration.ofHours(1), 1, 1000))));
        node.stopClock();
        assertThat(node.callFrom(HOSTILE, "head", Bytes.EMPTY).status()).isEqualTo(400);
        for (int i = 0; i < 100; i++) {
            assertThat(node.callFrom(HOSTILE, "head", Bytes.EMPTY).status()).isEqualTo(503);
        }
        assertThat(node.callFrom(HOSTILE, "head", Bytes.EMPTY).status()).isEqualTo(403);
        assertThat(node.callFrom(OTHER, "head", Bytes.EMPTY).status()).isEqualTo(400);
        assertThat(conduct(node).misbehaviours()).containsEntry("flood", 100L);
    }

    @Test
    void aPeerThatClaimsAHeadAndDoesNotDeliverItIsBanned() {
        TestNode node = node("node");
        LyingPeer liar = closing(new LyingPeer(LIAR, CHAIN, List.of()));
        assertThat(node.discover(liar.address())).isEmpty();
        banned(node, liar, "false_head");
        assertThat(liar.syncs).hasValue(5);
    }

    @Test
    void aPeerWhoseChainHasNoWorkIsBanned() {
        TestNode node = node("node");
        LyingPeer liar = closing(new LyingPeer(LIAR, CHAIN, List.of(new Part(withoutWork(), List.of()))));
        assertThat(node.discover(liar.address())).isEmpty();
        banned(node, liar, "invalid_quant");
        // A range is asked for ahead in each of two runs.
        assertThat(liar.syncs).hasValueLessThanOrEqualTo(4);
    }

    @Test
    void aPeerThatGivesTheSpecOfAnotherChainIsBanned() {
        TestNode node = node("node");
        LyingPeer liar = closing(new LyingPeer(LIAR, new Hash(1, 2, 3, 4), List.of()));
        assertThat(node.discover(liar.address())).isEmpty();
        banned(node, liar, "false_spec");
        assertThat(liar.specs).hasValue(2);
    }

    @Test
    void aPeerWhoseQuantsConnectToNothingIsBanned() {
        TestNode node = node("node");
        LyingPeer liar = closing(new LyingPeer(LIAR, CHAIN, List.of(loose())));
        assertThat(node.discover(liar.address())).isEmpty();
        banned(node, liar, "loose_quants");
    }

    @Test
    void aPeerThatGivesTheSameQuantTwiceInARangeIsBanned() {
        TestNode node = node("node");
        LyingPeer liar = closing(new LyingPeer(LIAR, CHAIN, List.of(loose(), loose())));
        assertThat(node.discover(liar.address())).isEmpty();
        banned(node, liar, "unasked_data");
        assertThat(liar.syncs).hasValue(5);
    }

    /** A sound quant whose parent nobody has. */
    private Part loose() {
        TestNode elsewhere = node("elsewhere");
        elsewhere.ledger.leap();
        return new Part(elsewhere.ledger.leap().compactQuant(), List.of());
    }

    private static void banned(TestNode node, LyingPeer liar, String why) {
        await().untilAsserted(() ->
                assertThat(node.banned()).containsExactly(LIAR.key().hex()));
        assertThat(conduct(node).bans()).singleElement().satisfies(ban -> {
            assertThat(ban.reason()).isEqualTo(why);
            assertThat(ban.byOperator()).isFalse();
            assertThat(ban.until() - ban.since()).isEqualTo(Duration.ofHours(1).toMillis());
        });
        assertThat(node.peers().peers()).isEmpty();
        assertThat(node.discover(liar.address())).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        nothingStayed(node);
    }

    @Test
    void aConfiguredPeerIsLeftToTheOperator() {
        LyingPeer liar = closing(new LyingPeer(LIAR, CHAIN, List.of()));
        TestNode node = node("node", liar.address());
        await().untilAsserted(() -> assertThat(liar.syncs).hasValueGreaterThan(6));
        assertThat(node.banned()).isEmpty();
        assertThat(node.live()).containsExactly(liar.address());
        ban(node, LIAR.key().hex());
        assertThat(node.live()).isEmpty();
        // It is challenged again now and then, and not let in.
        await().untilAsserted(() -> assertThat(node.peers().peers())
                .singleElement()
                .satisfies(peer -> assertThat(peer.lastError()).contains("banned")));
    }

    @Test
    void aBanOutlivesARestartAndAnOperatorEndsIt() {
        TestNode node = node("node");
        TestNode peer = node("peer");
        assertThat(node.discover(peer.address())).isEmpty();
        await().untilAsserted(() -> assertThat(peer.live()).containsExactly(node.address()));
        ban(node, peer.key().hex());
        ban(node, HOSTILE);
        assertThat(node.live()).isEmpty();
        await().untilAsserted(() -> assertThat(peer.live()).isEmpty());
        node.down();
        node.up();
        assertThat(node.banned()).containsExactly(peer.key().hex(), HOSTILE);
        assertThat(node.discover(peer.address())).map(Refusal::reason).contains(Reason.PEER_REFUSED);
        unban(node, peer.key().hex());
        assertThat(node.discover(peer.address())).isEmpty();
        assertThat(node.live()).containsExactly(peer.address());
        assertThat(TestNode.await(node.bus
                        .ask(Catalogue.UNBAN, new Unban(peer.key().hex()))
                        .map(ban -> Reason.INTERNAL)
                        .otherwise(cause -> Failure.of(cause).reason())))
                .isEqualTo(Reason.BAN_UNKNOWN);
    }

    @Test
    void whatIsNeitherAKeyNorAnAddressIsNotBanned() {
        TestNode node = node("node");
        for (String wrong :
                List.of("", "node.example", "10.0.0", "10.0.0.0/8", node.key().hex())) {
            assertThat(TestNode.await(node.bus
                            .ask(Catalogue.BAN, new BanPeer(wrong, Optional.empty(), ""))
                            .map(ban -> Reason.INTERNAL)
                            .otherwise(cause -> Failure.of(cause).reason())))
                    .as(wrong)
                    .isEqualTo(Reason.REQUEST_INVALID);
        }
        ban(node, "2001:db8:1:2::5");
        assertThat(node.callFrom("2001:db8:1:2:ffff::9%eth0", "head", Bytes.EMPTY)
                        .status())
                .isEqualTo(403);
        assertThat(node.callFrom("2001:db8:1:3::5", "head", Bytes.EMPTY).status())
                .isEqualTo(400);
        unban(node, "2001:db8:1:2::7");
        assertThat(node.banned()).isEmpty();
    }

    @Test
    void newChainsOfAPeerThatNobodyConfiguredAreRationed() {
        TestNode node = closing(new TestNode("node", data, g -> g, List.of(), true)
                .following(new NodeConfig.Chains(Choice.ALL, List.of(), 2000, List.of(), 3)));
        node.up();
        TestNode stranger = node("stranger", node.address());
        for (int i = 0; i < 8; i++) {
            stranger.ledgers.bang(TestNode.dbc("c" + i));
        }
        await().untilAsserted(() -> assertThat(node.ledgers.names()).hasSize(4));
        await().untilAsserted(
                        () -> assertThat(node.peers().traffic().postponed()).isEqualTo(5));
        assertThat(node.ledgers.names()).hasSize(4);
        // What somebody here asks for by name does not count.
        String wanted = stranger.ledgers.names().stream()
                .filter(name -> !node.ledgers.names().contains(name))
                .findFirst()
                .orElseThrow();
        TestNode.await(node.bus.ask(Catalogue.FOLLOW, new Catalogue.Follow(wanted, true)));
        await().untilAsserted(() -> assertThat(node.ledgers.names()).contains(wanted));
        assertThat(node.ledgers.names()).hasSize(5);
    }

    private static void ban(TestNode node, String peer) {
        TestNode.await(node.bus.ask(Catalogue.BAN, new BanPeer(peer, Optional.empty(), "as a test")));
    }

    private static void unban(TestNode node, String peer) {
        TestNode.await(node.bus.ask(Catalogue.UNBAN, new Unban(peer)));
    }

    static NodeConfig.Gossip with(NodeConfig.Gossip base, NodeConfig.Conduct conduct) {
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
                conduct);
    }
}
