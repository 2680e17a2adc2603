package io.qbc.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.Samples;
import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.NetworkMode;
import io.qbc.model.Signer;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.Message.Prove;
import io.qbc.protocol.message.Message.Ready;
import io.qbc.protocol.message.Message.Welcome;
import io.qbc.protocol.message.NetworkLabel;
import io.qbc.protocol.session.CallerHandshake.Proved;
import io.qbc.protocol.session.CallerHandshake.Unproved;
import io.qbc.protocol.session.CallerHandshake.Welcomed;
import io.qbc.protocol.session.IncomingSession.Admission;
import io.qbc.protocol.session.IncomingSession.Admitted;
import io.qbc.protocol.session.SessionServer.Begun;
import io.qbc.protocol.session.SessionServer.Bounds;
import io.qbc.protocol.session.SessionServer.Opened;
import io.qbc.protocol.session.SessionServer.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Handshakes of two nodes, and what they take of one another afterwards. */
class SessionTest {
    private static final String CALLED = "http://10.0.0.2:5000";
    private static final String SOURCE = "10.0.0.1";
    private static final long AGE = 3_600_000;
    private static final Hash CHAIN = new Hash(1, 2, 3, 4);
    private static final Hash FORK = new Hash(5, 6, 7, 8);
    private static final Bytes FRAME = Bytes.utf8("a frame");
    private static final Signer THIRD = Ed25519.signer(Samples.seed("third"));

    private final Random random = Chance.random();
    private final Party caller = party(Samples.SIGNER, NetworkRules.open("qbc"));
    private final SessionServer server = server(party(Samples.OTHER, NetworkRules.open("qbc")));

    private static Party party(Signer identity, NetworkRules network) {
        return new Party(identity, "http://10.0.0.1:5000", network);
    }

    private SessionServer server(Party party) {
        return new SessionServer(party, new Bounds(16, AGE, 0), this::random);
    }

    private Bytes random(int count) {
        return Bytes.wrap(Chance.bytes(random, count));
    }

    private static NetworkRules secret(String secret) {
        return new NetworkRules(new NetworkLabel("qbc", NetworkMode.SECRET), Bytes.utf8(secret), Set.of());
    }

    private static NetworkRules listed(Bytes... keys) {
        return new NetworkRules(new NetworkLabel("qbc", NetworkMode.LISTED), Bytes.EMPTY, Set.of(keys));
    }

    /** The two ends of one session. */
    private record Pair(OutgoingSession outgoing, IncomingSession incoming) {}

    private Pair open(Party from, SessionServer to, long now) {
        CallerHandshake handshake = handshake(from);
        Welcome welcome = ((Begun) to.hello(handshake.hello(), SOURCE, now)).welcome();
        Proved proved = (Proved) handshake.welcomed(welcome);
        Opened opened = (Opened) to.prove(proved.prove(), now);
        return new Pair(proved.confirmation().session(opened.ready()).orElseThrow(), opened.session());
    }

    private Pair open() {
        return open(caller, server, 0);
    }

    private CallerHandshake handshake(Party from) {
        return new CallerHandshake(from, CALLED, random(32), random(32));
    }

    private static Envelope seal(OutgoingSession session, String verb, Hash chain) {
        return session.seal(new Kind(verb, chain), FRAME, TestCaller.hash(FRAME));
    }

    private static Admission admit(IncomingSession session, String verb, Envelope envelope) {
        return session.admit(envelope, verb, TestCaller.hash(envelope.frame()));
    }

    private static Optional<SessionFault> fault(Admission admission) {
        return admission instanceof IncomingSession.Refused refused ? Optional.of(refused.fault()) : Optional.empty();
    }

    private static Optional<SessionFault> fault(Outcome outcome) {
        return outcome instanceof SessionServer.Refused refused ? Optional.of(refused.fault()) : Optional.empty();
    }

    @Test
    void bothKnowEachOtherAfterwards() {
        Pair pair = open();
        assertThat(pair.outgoing().key()).isEqualTo(Samples.OTHER.key());
        assertThat(pair.incoming().key()).isEqualTo(Samples.SIGNER.key());
        assertThat(pair.incoming().address()).isEqualTo("http://10.0.0.1:5000");
        assertThat(server.sessions()).isEqualTo(1);
        assertThat(server.pending()).isZero();
    }

    @Test
    void requestsAndAnswersArriveWhole() {
        Pair pair = open();
        for (int i = 0; i < 3; i++) {
            Envelope envelope = seal(pair.outgoing(), "ids", CHAIN);
            Envelope came = Envelope.of(TestCaller.bytes(envelope)).orElseThrow();
            ProvedFrame proved = ((Admitted) admit(pair.incoming(), "ids", came)).proved();
            assertThat(proved.frame()).isEqualTo(FRAME);
            assertThat(proved.kind()).isEqualTo(new Kind("ids", CHAIN));
            AnswerEnvelope answer =
                    AnswerEnvelope.of(proved.seal(Bytes.utf8("an answer"))).orElseThrow();
            assertThat(answer.frame()).isEqualTo(Bytes.utf8("an answer"));
            assertThat(pair.outgoing().proves(envelope, "ids", answer, TestCaller.hash(answer.frame())))
                    .isTrue();
        }
    }

    @Test
    void aRequestIsTakenOnceAndInAnyOrder() {
        Pair pair = open();
        Envelope first = seal(pair.outgoing(), "ids", CHAIN);
        Envelope second = seal(pair.outgoing(), "ids", CHAIN);
        assertThat(fault(admit(pair.incoming(), "ids", second))).isEmpty();
        assertThat(fault(admit(pair.incoming(), "ids", first))).isEmpty();
        assertThat(fault(admit(pair.incoming(), "ids", first))).contains(SessionFault.SEQUENCE_OLD);
        assertThat(fault(admit(pair.incoming(), "ids", second))).contains(SessionFault.SEQUENCE_OLD);
    }

    @Test
    void aRequestIsNoneOfAnotherSessionKindChainOrFork() {
        Pair pair = open();
        Pair other = open();
        Envelope envelope = seal(pair.outgoing(), "ids", CHAIN);
        assertThat(fault(admit(other.incoming(), "ids", envelope))).contains(SessionFault.MESSAGE_UNPROVED);
        assertThat(fault(admit(pair.incoming(), "fetch", envelope))).contains(SessionFault.MESSAGE_UNPROVED);
        Envelope forked =
                new Envelope(envelope.session(), envelope.sequence(), FORK, envelope.code(), envelope.frame());
        assertThat(fault(admit(pair.incoming(), "ids", forked))).contains(SessionFault.MESSAGE_UNPROVED);
        Envelope later = new Envelope(envelope.session(), 7, CHAIN, envelope.code(), envelope.frame());
        assertThat(fault(admit(pair.incoming(), "ids", later))).contains(SessionFault.MESSAGE_UNPROVED);
        assertThat(fault(admit(pair.incoming(), "ids", envelope)))
                .as("none of that took its number")
                .isEmpty();
    }

    @Test
    void aRequestIsNoneAtAnotherNetwork() {
        SessionServer elsewhere = server(party(Samples.OTHER, NetworkRules.open("elsewhere")));
        Pair pair = open();
        Pair other = open(party(Samples.SIGNER, NetworkRules.open("elsewhere")), elsewhere, 0);
        Envelope envelope = seal(pair.outgoing(), "ids", CHAIN);
        assertThat(elsewhere.find(envelope.session(), 0)).isEmpty();
        assertThat(fault(admit(other.incoming(), "ids", envelope))).contains(SessionFault.MESSAGE_UNPROVED);
    }

    @Test
    void anAnswerIsNoneToAnotherRequestNorARequestItself() {
        Pair pair = open();
        Envelope first = seal(pair.outgoing(), "ids", CHAIN);
        Envelope second = seal(pair.outgoing(), "ids", CHAIN);
        ProvedFrame proved = ((Admitted) admit(pair.incoming(), "ids", first)).proved();
        AnswerEnvelope answer = AnswerEnvelope.of(proved.seal(FRAME)).orElseThrow();
        Hash hash = TestCaller.hash(FRAME);
        assertThat(pair.outgoing().proves(first, "ids", answer, hash)).isTrue();
        assertThat(pair.outgoing().proves(second, "ids", answer, hash)).isFalse();
        assertThat(pair.outgoing().proves(first, "fetch", answer, hash)).isFalse();
        // A request that is sent back, and an answer that is sent as a request.
        assertThat(pair.outgoing().proves(second, "ids", new AnswerEnvelope(second.code(), FRAME), hash))
                .isFalse();
        Envelope back = new Envelope(second.session(), first.sequence(), CHAIN, answer.code(), FRAME);
        assertThat(fault(admit(pair.incoming(), "ids", back))).contains(SessionFault.MESSAGE_UNPROVED);
    }

    @Test
    void whatIsCutOrInjuredIsNotTaken() {
        Pair pair = open();
        Envelope envelope = seal(pair.outgoing(), "ids", CHAIN);
        Bytes whole = TestCaller.bytes(envelope);
        for (int size = 0; size < whole.size(); size++) {
            assertThat(taken(pair, whole.slice(0, size))).as("%d bytes", size).isFalse();
        }
        for (int i = 0; i < 2000; i++) {
            Bytes injured = Bytes.wrap(Chance.injure(random, whole.toArray()));
            assertThat(!injured.equals(whole) && taken(pair, injured))
                    .as(injured.hex())
                    .isFalse();
        }
        assertThat(taken(pair, whole)).isTrue();
    }

    private boolean taken(Pair pair, Bytes body) {
        return Envelope.of(body)
                .filter(envelope -> envelope.session().equals(pair.incoming().id()))
                .map(envelope -> admit(pair.incoming(), "ids", envelope))
                .filter(Admitted.class::isInstance)
                .isPresent();
    }

    @Test
    void whoeverChangesWhatIsSaidInAHandshakeIsNoticed() {
        List<Function<Hello, Hello>> changes = List.of(
                h -> new Hello(h.network(), random(32), h.ephemeral(), h.key(), h.address(), h.called()),
                h -> new Hello(h.network(), h.nonce(), ephemeral(), h.key(), h.address(), h.called()),
                h -> new Hello(h.network(), h.nonce(), h.ephemeral(), THIRD.key(), h.address(), h.called()),
                h -> new Hello(h.network(), h.nonce(), h.ephemeral(), h.key(), "http://10.6.6.6:1", h.called()),
                h -> new Hello(h.network(), h.nonce(), h.ephemeral(), h.key(), h.address(), "http://10.6.6.6:1"));
        for (Function<Hello, Hello> change : changes) {
            CallerHandshake handshake = handshake(caller);
            Begun begun = (Begun) server.hello(change.apply(handshake.hello()), SOURCE, 0);
            assertThat(unproved(handshake.welcomed(begun.welcome()))).contains(SessionFault.KEY_UNPROVED);
        }
    }

    @Test
    void whoeverChangesTheAnswerIsNoticed() {
        List<Function<Welcome, Welcome>> changes = List.of(
                w -> new Welcome(callee(w, random(16), w.callee().nonce()), w.signature(), w.proof()),
                w -> new Welcome(callee(w, w.callee().session(), random(32)), w.signature(), w.proof()),
                w -> new Welcome(w.callee(), THIRD.sign(new byte[] {1}), w.proof()));
        for (Function<Welcome, Welcome> change : changes) {
            CallerHandshake handshake = handshake(caller);
            Begun begun = (Begun) server.hello(handshake.hello(), SOURCE, 0);
            assertThat(unproved(handshake.welcomed(change.apply(begun.welcome()))))
                    .contains(SessionFault.KEY_UNPROVED);
        }
        CallerHandshake handshake = handshake(caller);
        Welcome welcome = ((Begun) server.hello(handshake.hello(), SOURCE, 0)).welcome();
        assertThat(unproved(handshake.welcomed(new Welcome(welcome.callee(), welcome.signature(), random(32)))))
                .contains(SessionFault.PROOF_WRONG);
    }

    private Bytes ephemeral() {
        return SessionCrypto.ephemeral(random(32));
    }

    private static Callee callee(Welcome welcome, Bytes session, Bytes nonce) {
        Callee callee = welcome.callee();
        return new Callee(session, nonce, callee.ephemeral(), callee.key(), callee.address());
    }

    private static Optional<SessionFault> unproved(Welcomed welcomed) {
        return welcomed instanceof Unproved no ? Optional.of(no.fault()) : Optional.empty();
    }

    @Test
    void theCallerProvesItsKeyToo() {
        CallerHandshake handshake = handshake(party(new Impostor(Samples.SIGNER, THIRD), NetworkRules.open("qbc")));
        Begun begun = (Begun) server.hello(handshake.hello(), SOURCE, 0);
        Prove prove = ((Proved) handshake.welcomed(begun.welcome())).prove();
        assertThat(fault(server.prove(prove, 0))).contains(SessionFault.KEY_UNPROVED);
        assertThat(fault(server.prove(prove, 0))).as("a handshake has one end").contains(SessionFault.SESSION_UNKNOWN);
        assertThat(server.sessions()).isZero();
    }

    /** Shows one key and signs with another one. */
    private record Impostor(Signer shown, Signer own) implements Signer {
        @Override
        public Bytes key() {
            return shown.key();
        }

        @Override
        public Bytes sign(byte[] message) {
            return own.sign(message);
        }

        @Override
        public Bytes derive(String label) {
            return own.derive(label);
        }
    }

    @Test
    void aProofIsNoneInAnotherHandshake() {
        CallerHandshake first = handshake(caller);
        Prove prove = ((Proved) first.welcomed(((Begun) server.hello(first.hello(), SOURCE, 0)).welcome())).prove();
        CallerHandshake second = handshake(caller);
        Begun begun = (Begun) server.hello(second.hello(), SOURCE, 0);
        Prove moved = new Prove(begun.welcome().callee().session(), prove.signature(), prove.proof());
        assertThat(fault(server.prove(moved, 0))).contains(SessionFault.KEY_UNPROVED);
        assertThat(((Proved) second.welcomed(begun.welcome())).confirmation().session(new Ready(random(32))))
                .as("a wrong end")
                .isEmpty();
    }

    @Test
    void aPointOfSmallOrderIsNotTaken() {
        Hello sound = handshake(caller).hello();
        Hello zero = new Hello(
                sound.network(), sound.nonce(), Bytes.wrap(new byte[32]), sound.key(), sound.address(), CALLED);
        assertThat(fault(server.hello(zero, SOURCE, 0))).contains(SessionFault.KEY_UNPROVED);
        assertThat(server.pending()).isZero();
    }

    @Test
    void nodesOfOtherNetworksAreToldApart() {
        assertThat(fault(hello(party(Samples.SIGNER, NetworkRules.open("other")), server)))
                .contains(SessionFault.NETWORK_DIFFERS);
        assertThat(fault(hello(party(Samples.SIGNER, secret("s")), server))).contains(SessionFault.MODE_DIFFERS);
        assertThat(fault(hello(caller, server(party(Samples.OTHER, listed(THIRD.key()))))))
                .contains(SessionFault.MODE_DIFFERS);
        assertThat(server.pending()).isZero();
    }

    private Outcome hello(Party from, SessionServer to) {
        return to.hello(handshake(from).hello(), SOURCE, 0);
    }

    @Test
    void ofListedNodesBothAreInTheOthersList() {
        SessionServer both = server(party(Samples.OTHER, listed(Samples.SIGNER.key())));
        Pair pair = open(party(Samples.SIGNER, listed(Samples.OTHER.key())), both, 0);
        assertThat(pair.incoming().key()).isEqualTo(Samples.SIGNER.key());
        assertThat(fault(hello(party(THIRD, listed(Samples.OTHER.key())), both)))
                .contains(SessionFault.KEY_NOT_LISTED);
        CallerHandshake choosy = handshake(party(Samples.SIGNER, listed(THIRD.key())));
        Begun begun = (Begun) both.hello(choosy.hello(), SOURCE, 0);
        assertThat(unproved(choosy.welcomed(begun.welcome()))).contains(SessionFault.KEY_NOT_LISTED);
    }

    @Test
    void bothLearnThatTheirSecretsDifferAndNeitherLearnsTheOthers() {
        SessionServer right = server(party(Samples.OTHER, secret("the right secret")));
        open(party(Samples.SIGNER, secret("the right secret")), right, 0);
        CallerHandshake wrong = handshake(party(THIRD, secret("another secret")));
        Begun begun = (Begun) right.hello(wrong.hello(), SOURCE, 0);
        Unproved unproved = (Unproved) wrong.welcomed(begun.welcome());
        assertThat(unproved.fault()).isEqualTo(SessionFault.SECRET_DIFFERS);
        Prove told = unproved.prove().orElseThrow();
        assertThat(told.proof()).isEqualTo(Bytes.wrap(new byte[32]));
        assertThat(fault(right.prove(told, 0))).contains(SessionFault.SECRET_DIFFERS);
        assertThat(right.sessions()).isEqualTo(1);
        NetworkLabel label = secret("x").label();
        assertThat(unproved.fault().found(label, label)).contains("secret").doesNotContain("another secret");
    }

    @Test
    void aWrongKeyIsNoWrongSecret() {
        SessionServer right = server(party(Samples.OTHER, secret("the right secret")));
        CallerHandshake handshake = handshake(party(new Impostor(Samples.SIGNER, THIRD), secret("the right secret")));
        Begun begun = (Begun) right.hello(handshake.hello(), SOURCE, 0);
        Prove prove = ((Proved) handshake.welcomed(begun.welcome())).prove();
        assertThat(fault(right.prove(prove, 0))).contains(SessionFault.KEY_UNPROVED);
    }

    @Test
    void nothingThatIsPrintedHasASecret() {
        Party party = party(Samples.SIGNER, secret("the right secret"));
        assertThat(party.toString() + Samples.SIGNER)
                .contains(Samples.SIGNER.key().hex())
                .doesNotContain(Bytes.wrap(Samples.seed("signer")).hex())
                .doesNotContain("the right secret")
                .doesNotContain(Bytes.utf8("the right secret").hex());
        assertThat(SessionKeys.derive(random(32), Bytes.EMPTY, CHAIN).toString())
                .doesNotContain("Bytes", "[");
    }

    @Test
    void aSessionEndsWithItsAge() {
        Pair pair = open(caller, server, 1_000);
        Bytes id = seal(pair.outgoing(), "ids", CHAIN).session();
        assertThat(server.find(id, 1_000 + AGE)).isPresent();
        assertThat(server.find(id, 1_001 + AGE)).isEmpty();
        assertThat(server.find(id, 1_000)).as("it is gone for good").isEmpty();
    }

    @Test
    void aHandshakeThatIsNotEndedIsForgotten() {
        CallerHandshake handshake = handshake(caller);
        Begun begun = (Begun) server.hello(handshake.hello(), SOURCE, 0);
        Prove prove = ((Proved) handshake.welcomed(begun.welcome())).prove();
        assertThat(fault(server.prove(prove, SessionServer.PENDING_MILLIS + 1))).contains(SessionFault.SESSION_UNKNOWN);
    }

    @Test
    void sessionsAndHandshakesAreBoundedAndOneSourceDoesNotPushOutAnother() {
        Pair good = open();
        for (int i = 0; i < 200; i++) {
            Party many = party(Ed25519.signer(Samples.seed("many" + i)), NetworkRules.open("qbc"));
            CallerHandshake handshake = handshake(many);
            Begun begun = (Begun) server.hello(handshake.hello(), "10.6.6.6", i);
            server.prove(((Proved) handshake.welcomed(begun.welcome())).prove(), i);
        }
        assertThat(server.sessions()).isEqualTo(16);
        assertThat(server.find(good.incoming().id(), 0)).isPresent();
        IntStream.range(0, 2 * SessionServer.PENDING_MAX)
                .forEach(i -> server.hello(handshake(caller).hello(), "10.6.6.6", 0));
        assertThat(server.pending()).isEqualTo(SessionServer.PENDING_MAX);
    }

    @Test
    void oneKeyHasFewSessions() {
        Pair first = open();
        IntStream.range(0, SessionServer.SESSIONS_OF_ONE_KEY).forEach(i -> open());
        assertThat(server.sessions()).isEqualTo(SessionServer.SESSIONS_OF_ONE_KEY);
        assertThat(server.find(first.incoming().id(), 0)).isEmpty();
    }

    @Test
    void handshakesAreRationed() {
        SessionServer rationed =
                new SessionServer(party(Samples.OTHER, NetworkRules.open("qbc")), new Bounds(16, AGE, 2), this::random);
        int burst = 2 * HandshakeRation.BURST_SECONDS;
        for (int i = 0; i < burst; i++) {
            assertThat(fault(hello(caller, rationed))).isEmpty();
        }
        assertThat(fault(hello(caller, rationed))).contains(SessionFault.RATIONED);
        assertThat(rationed.pending()).isEqualTo(burst);
        assertThat(fault(rationed.hello(handshake(caller).hello(), "10.0.0.9", 0)))
                .isEmpty();
    }

    @Test
    void everyFaultHasItsCodeAndItsWords() {
        NetworkLabel own = new NetworkLabel("one", NetworkMode.OPEN);
        NetworkLabel theirs = new NetworkLabel("two", NetworkMode.SECRET);
        assertThat(SessionFault.values()).allSatisfy(fault -> {
            assertThat(SessionFault.of(fault.code())).contains(fault);
            assertThat(fault.found(own, theirs)).isNotBlank();
            assertThat(fault.told(own, theirs)).isNotBlank();
        });
        assertThat(Arrays.stream(SessionFault.values()).map(SessionFault::code)).doesNotHaveDuplicates();
        assertThat(SessionFault.NETWORK_DIFFERS.found(own, theirs)).contains("'one'", "'two'");
        assertThat(SessionFault.MODE_DIFFERS.told(own, theirs)).contains("open", "secret");
    }
}
