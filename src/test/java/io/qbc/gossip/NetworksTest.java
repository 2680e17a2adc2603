package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.RefusedCaller;
import io.qbc.config.NodeConfig;
import io.qbc.config.PrivateFile;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.NetworkMode;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.protocol.message.FrameCodecs;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.MessageSamples;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.Envelope;
import io.qbc.protocol.session.Kind;
import io.qbc.protocol.session.NetworkRules;
import io.qbc.protocol.session.TestCaller;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Networks of nodes that let no other ones in, and what they say of those. */
class NetworksTest extends PeerNetwork {
    private static final NodeConfig.Network OPEN = NodeConfig.Network.OPEN;
    private static final String SECRET = "a secret that is long enough for all";
    private static final String OTHER = "another one that is long enough too.";

    private TestNode in(NodeConfig.Network network, String name, String... peers) {
        return closing(new TestNode(name, data, fast -> fast, List.of(peers), true)
                .of(network)
                .up());
    }

    private static NodeConfig.Network with(NetworkMode mode, List<String> allowed, String secretFile) {
        return new NodeConfig.Network(
                OPEN.id(), mode, allowed, secretFile, OPEN.sessions(), OPEN.sessionAge(), OPEN.handshakes());
    }

    private NodeConfig.Network secret(String name, String secret) throws IOException {
        Path file = data.resolve(name);
        PrivateFile.write(file, secret + "\n");
        return with(NetworkMode.SECRET, List.of(), file.toString());
    }

    private static String key(String name) {
        return Ed25519.signer(Samples.seed(name)).key().hex();
    }

    private static void areTold(TestNode node, String code, String words) {
        await().untilAsserted(() -> assertThat(node.peers().refused())
                .filteredOn(caller -> caller.code().equals(code))
                .isNotEmpty()
                .extracting(RefusedCaller::detail)
                .allMatch(detail -> detail.contains(words)));
    }

    private static void isTold(TestNode node, String peer, String words) {
        await().untilAsserted(() -> assertThat(node.peers().peers())
                .filteredOn(each -> each.address().equals(peer))
                .singleElement()
                .matches(each -> !each.live() && each.lastError().contains(words)));
    }

    @Test
    void threeNodesWithASecretLetNoFourthIn() throws IOException {
        NodeConfig.Network network = secret("secret", SECRET);
        TestNode a = in(network, "a");
        TestNode b = in(network, "b", a.address());
        TestNode c = in(network, "c", a.address());
        TestNode wrong = in(secret("wrong", OTHER), "wrong", a.address());
        TestNode open = in(OPEN, "open", b.address());
        for (TestNode node : List.of(a, b, c)) {
            await().untilAsserted(() -> assertThat(node.live()).hasSize(2));
        }
        isTold(wrong, a.address(), "secret");
        isTold(open, b.address(), "network.mode");
        areTold(a, "secret_differs", "secret");
        areTold(b, "mode_differs", "its network.mode is open, and this node's is secret");
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        for (TestNode node : List.of(b, c)) {
            await().untilAsserted(() -> assertThat(node.ledger.stored()).hasSize(1));
        }
        assertThat(wrong.ledger.stored()).isEmpty();
        assertThat(open.ledger.stored()).isEmpty();
        assertThat(wrong.live()).isEmpty();
        assertThat(a.peers().toString()).doesNotContain(SECRET).doesNotContain(OTHER);
        assertThat(wrong.discover(b.address())).map(Refusal::reason).contains(Reason.PEER_UNREACHABLE);
    }

    @Test
    void listedNodesTakeThoseOfTheirList() {
        NodeConfig.Network network = with(NetworkMode.LISTED, List.of(key("a"), key("b")), "");
        TestNode a = in(network, "a");
        TestNode b = in(network, "b", a.address());
        TestNode stranger = in(network, "stranger", a.address());
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        isTold(stranger, a.address(), "this node's key is not among its network.allowed");
        areTold(a, "key_not_listed", "its key is not among this node's network.allowed");
        assertThat(a.live()).containsExactly(b.address());
    }

    @Test
    void nodesOfTwoNetworksSaySo() {
        NodeConfig.Network other = new NodeConfig.Network(
                "other", NetworkMode.OPEN, List.of(), "", OPEN.sessions(), OPEN.sessionAge(), OPEN.handshakes());
        TestNode a = node("a");
        TestNode b = in(other, "b", a.address());
        isTold(b, a.address(), "it is of the network 'qbc', and this node of 'other'");
        areTold(a, "network_differs", "it is of the network 'other', and this node of 'qbc'");
        assertThat(a.peers().refused())
                .singleElement()
                .matches(caller -> caller.address().equals(b.address())
                        && caller.from().equals("127.0.0.1")
                        && caller.count() > 0);
    }

    @Test
    void aNodeOfAnEarlierVersionIsToldSoInWords() {
        TestNode a = node("a");
        PeerAnswer answer = a.call("hello", Bytes.wrap(new byte[] {2, 1, 2, 3}));
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().text()).contains("version 3").contains("update");
        areTold(a, "version_differs", "another version of the peers' protocol");
    }

    @Test
    void aPeerThatStartsAnewGetsANewSession() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        long made = a.peers().traffic().sessions().handshakes().made();
        b.down();
        b.up();
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        await().untilAsserted(() -> assertThat(b.ledger.stored()).hasSize(1));
        assertThat(a.peers().traffic().sessions().handshakes().made()).isGreaterThan(made);
    }

    @Test
    void sessionsAreMadeAnewWhenTheyAreOld() {
        NodeConfig.Network quick = new NodeConfig.Network(
                OPEN.id(), OPEN.mode(), List.of(), "", OPEN.sessions(), Duration.ofSeconds(1), 0);
        TestNode a = in(quick, "a");
        TestNode b = in(quick, "b", a.address());
        await().untilAsserted(() ->
                assertThat(b.peers().traffic().sessions().handshakes().made()).isGreaterThan(2));
        await().untilAsserted(() -> assertThat(b.live()).containsExactly(a.address()));
    }

    /** Every sound frame, in a session that is none, of another one, replayed, or with a wrong code. */
    @Test
    void nothingOfWhoDidNotProveItselfIsRead() {
        TestNode a = node("a");
        TestNode b = node("b");
        TestCaller caller = a.caller("somebody", NetworkRules.open("qbc"));
        TestCaller elsewhere = b.caller("somebody", NetworkRules.open("qbc"));
        long taken = read(a);
        for (PeerMethod<?, ?> method : PeerMethod.all()) {
            if (method.isHandshake()) {
                continue;
            }
            String verb = method.word();
            Bytes frame = MessageSamples.frame(verb);
            refused(a, verb, frame, frame.size() < Envelope.BYTES ? 400 : 409);
            refused(a, verb, TestCaller.bytes(elsewhere.seal(verb, frame)), 409);
            Envelope sound = caller.seal(verb, frame);
            refused(a, verb, code(sound, Bytes.wrap(new byte[32])), 409);
            refused(a, verb.equals("head") ? "ids" : "head", TestCaller.bytes(sound), 409);
            assertThat(read(a)).as("%s, before it is proved", verb).isEqualTo(taken);
            assertThat(a.call(verb, TestCaller.bytes(sound)).status()).isNotIn(400, 409);
            taken++;
            refused(a, verb, TestCaller.bytes(sound), 409);
            assertThat(read(a)).as("%s, and after", verb).isEqualTo(taken);
        }
        assertThat(a.peers().traffic().sessions().unread()).isPositive();
    }

    /** What is proved to be about one chain is about no other, and of no other fork. */
    @Test
    void aFrameIsOfTheChainThatItsEnvelopeNames() {
        TestNode a = node("a");
        TestCaller caller = a.caller("somebody", NetworkRules.open("qbc"));
        Bytes frame = PeerMethod.IDS.request().codec().encode(new Ids(TestNode.CHAIN.id(), List.of()));
        long taken = read(a);
        Envelope sound = caller.seal("ids", frame);
        Hash fork = new Hash(9, 9, 9, 9);
        refused(
                a,
                "ids",
                TestCaller.bytes(new Envelope(sound.session(), sound.sequence(), fork, sound.code(), sound.frame())),
                409);
        Envelope lying = caller.session().seal(new Kind("ids", fork), frame, TestCaller.hash(frame));
        refused(a, "ids", TestCaller.bytes(lying), 400);
        assertThat(read(a)).isEqualTo(taken);
        assertThat(a.call("ids", TestCaller.bytes(sound)).status()).isEqualTo(200);
    }

    private static Bytes code(Envelope sound, Bytes code) {
        return TestCaller.bytes(new Envelope(sound.session(), sound.sequence(), sound.chain(), code, sound.frame()));
    }

    private static void refused(TestNode node, String verb, Bytes body, int status) {
        PeerAnswer answer = node.call(verb, body);
        assertThat(answer.status()).isEqualTo(status);
        assertThat(
                        status == 409
                                ? FrameCodecs.REFUSED.decode(answer.body()).isPresent()
                                : answer.body().size() <= 256)
                .isTrue();
    }

    private static long read(TestNode node) {
        return node.peers().traffic().sessions().read();
    }

    @Test
    void aFloodOfHandshakesIsRationedAndStopsNoPeer() {
        TestNode a = node("a");
        TestNode b = node("b", a.address());
        await().untilAsserted(() -> assertThat(a.live()).containsExactly(b.address()));
        int[] statuses = new int[600];
        for (int i = 0; i < statuses.length; i++) {
            statuses[i] = a.call("hello", hello(i)).status();
        }
        assertThat(Arrays.stream(statuses)).contains(200, 503);
        assertThat(a.peers().traffic().sessions().handshakes().rationed()).isPositive();
        a.ledger.client(Samples.transaction(TestNode.CHAIN, 1));
        await().untilAsserted(() -> assertThat(b.ledger.stored()).hasSize(1));
        b.ledger.client(Samples.transaction(TestNode.CHAIN, 2));
        await().untilAsserted(() -> assertThat(a.ledger.stored()).hasSize(2));
        assertThat(a.live()).containsExactly(b.address());
    }

    private static Bytes hello(int i) {
        Hello sample = (Hello) MessageSamples.ALL.get("hello");
        Hello hello = new Hello(
                NetworkRules.open("qbc").label(),
                Bytes.wrap(Samples.seed("nonce" + i)),
                sample.ephemeral(),
                sample.key(),
                "",
                sample.called());
        return PeerMethod.HELLO.request().codec().encode(hello);
    }
}
