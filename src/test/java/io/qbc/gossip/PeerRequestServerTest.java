package io.qbc.gossip;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Mark;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.AskStatus;
import io.qbc.protocol.message.Message.Follow;
import io.qbc.protocol.message.Message.Hint;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Offer;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.QuantAnnouncement;
import io.qbc.protocol.message.Message.Reply;
import io.qbc.protocol.message.Message.State;
import io.qbc.protocol.message.Message.Wanted;
import io.qbc.protocol.message.MessageSamples;
import io.qbc.protocol.message.PeerMethod;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerRequestServerTest {
    private static final Hash CHAIN = TestNode.CHAIN.id();

    @TempDir
    Path data;

    private TestNode node;

    @BeforeEach
    void start() {
        node = TestNode.start("node", data);
    }

    @AfterEach
    void close() {
        node.close();
    }

    static Iterable<PeerMethod<?, ?>> methods() {
        return PeerMethod.all();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMalformedFrameIsAnswered400AndChangesNothing(PeerMethod<?, ?> method) {
        byte[] whole = MessageSamples.frame(method.word()).toArray();
        byte[] version = whole.clone();
        version[0] = 9;
        for (byte[] bad : List.of(
                new byte[0],
                Arrays.copyOf(whole, whole.length - 1),
                Arrays.copyOf(whole, whole.length + 1),
                version,
                new byte[] {1, 2, 3})) {
            assertThat(send(method, Bytes.wrap(bad))).isEqualTo(400);
        }
        assertThat(node.ledger.stored()).isEmpty();
        assertThat(node.ledger.height()).isZero();
        assertThat(node.peers().peers()).isEmpty();
    }

    /** The samples are of another chain, and of another network; only what is not about a chain is answered. */
    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodHasAHandler(PeerMethod<?, ?> method) {
        int aboutNone = method == PeerMethod.HEAD ? 200 : 404;
        int handshake = method == PeerMethod.HELLO ? 403 : 409;
        assertThat(send(method, MessageSamples.frame(method.word())))
                .isEqualTo(method.isHandshake() ? handshake : aboutNone);
    }

    private int send(PeerMethod<?, ?> method, Bytes frame) {
        return method.isHandshake()
                ? node.call(method.word(), frame).status()
                : node.proved(method.word(), frame).status();
    }

    @Test
    void anUnknownWordOrChainIsAnswered404() {
        assertThat(node.call("shutdown", Bytes.EMPTY).status()).isEqualTo(404);
        assertThat(node.status(PeerMethod.IDS, new Ids(Hash.ZERO, List.of()))).isEqualTo(404);
        assertThat(node.status(PeerMethod.FETCH, new Ids(Hash.ZERO, List.of()))).isEqualTo(404);
        assertThat(node.status(PeerMethod.TRANSACTIONS, new Push(Hash.ZERO, List.of())))
                .isEqualTo(404);
        assertThat(node.status(PeerMethod.QUANT, new Hint(Hash.ZERO, CHAIN))).isEqualTo(404);
        assertThat(node.status(PeerMethod.SYNC, new Follow(Hash.ZERO, List.of())))
                .isEqualTo(404);
    }

    @Test
    void onlySoundTransactionsAreTaken() {
        Transaction sound = Samples.transaction(TestNode.CHAIN, 1);
        Body body = sound.body();
        Transaction forged = Transaction.of(body, sound.salt(), Bytes.EMPTY, Bytes.utf8("{\"n\":2}"));
        Transaction foreign = Samples.transaction(Samples.pow("other"), 3);
        Transaction broken = Samples.transaction(TestNode.CHAIN, 4, "{\"n\":}");
        Push push = new Push(CHAIN, List.of(forged, sound, foreign, broken));
        assertThat(node.ask(PeerMethod.TRANSACTIONS, push)).isEqualTo(new Message.Taken(1, false));
        assertThat(node.ledger.stored()).containsExactly(sound.id());
    }

    @Test
    void ofTwoThatAnnounceOneIsAsked() {
        node.stopClock();
        Ids ids = new Ids(CHAIN, List.of(new Hash(1, 2, 3, 4)));
        assertThat(node.ask(PeerMethod.IDS, ids)).isEqualTo(new Wanted(false, ids.ids()));
        assertThat(node.ask(PeerMethod.IDS, ids)).isEqualTo(new Wanted(true, List.of()));
    }

    @Test
    void aQuantIsJudged() {
        Transaction one = Samples.transaction(TestNode.CHAIN, 1);
        Quant quant = Samples.quant(TestNode.CHAIN, node.ledger.tip(), List.of(one), Samples.GENESIS_TIME + 1);
        Offer bare = new Offer(CHAIN, quant.compactQuant(), List.of());
        assertThat(quant(new Hint(CHAIN, quant.header().hash()))).isEqualTo(new Reply(State.WANTED));
        assertThat(quant(bare)).isEqualTo(new Reply(State.MISSING, List.of(one.id()), ""));
        assertThat(quant(new Offer(CHAIN, quant.compactQuant(), List.of(one)))).isEqualTo(new Reply(State.ACCEPTED));
        assertThat(quant(bare)).isEqualTo(new Reply(State.KNOWN));
        assertThat(quant(new Hint(CHAIN, quant.header().hash()))).isEqualTo(new Reply(State.KNOWN));
        Quant bad = new Quant(quant.header().withProof(Bytes.EMPTY), List.of(), List.of(one));
        assertThat(quant(new Offer(CHAIN, bad.compactQuant(), List.of())).state())
                .isEqualTo(State.REFUSED);
    }

    @Test
    void headsAreTold() {
        node.ledger.leap();
        assertThat(node.ask(PeerMethod.HEAD, new AskStatus(Mark.NONE)).chains())
                .extracting(listing -> listing.claim().hash())
                .containsExactly(node.ledger.headHash());
    }

    private Reply quant(QuantAnnouncement announcement) {
        return node.ask(PeerMethod.QUANT, announcement);
    }
}
