package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.CallerHandshake.Proved;
import java.util.Optional;
import java.util.Random;

/** A caller that makes sessions and proves its requests as the protocol says, over whatever way a test has. */
public final class TestCaller {
    private static final int SESSION_UNKNOWN = 409;

    private final Party party;
    private final String called;
    private final Transport transport;
    private final Random random = new Random();
    private Optional<OutgoingSession> session = Optional.empty();

    public TestCaller(Party party, String called, Transport transport) {
        this.party = party;
        this.called = called;
        this.transport = transport;
    }

    /** Somebody of the open network who cannot be called. */
    public static TestCaller open(Signer identity, String called, Transport transport) {
        return new TestCaller(new Party(identity, "", NetworkRules.open("qbc")), called, transport);
    }

    /** The way to a node. */
    public interface Transport {
        Reply post(String verb, Bytes body);
    }

    public record Reply(int status, Bytes body) {}

    /** The status of a call, and the answer's frame where it is 200. */
    public Reply call(String verb, Bytes frame) {
        Reply reply = once(verb, frame);
        if (reply.status() == SESSION_UNKNOWN) {
            session = Optional.empty();
            return once(verb, frame);
        }
        return reply;
    }

    /** A request as it travels, which is not sent. */
    public Envelope seal(String verb, Bytes frame) {
        return seal(session(), verb, frame);
    }

    /** The bytes of a request. */
    public static Bytes bytes(Envelope envelope) {
        return new Encoder(Envelope.BYTES + envelope.frame().size())
                .raw(envelope.head())
                .raw(envelope.frame())
                .toBytes();
    }

    /** The session, which is made if there is none. */
    public OutgoingSession session() {
        OutgoingSession made = session.orElseGet(this::handshake);
        session = Optional.of(made);
        return made;
    }

    public static Hash hash(Bytes frame) {
        return Sha256.of(frame.array(), frame.offset(), frame.size());
    }

    private Reply once(String verb, Bytes frame) {
        OutgoingSession own = session();
        Envelope request = seal(own, verb, frame);
        Reply reply = transport.post(verb, bytes(request));
        if (reply.status() != 200) {
            return reply;
        }
        AnswerEnvelope answer = AnswerEnvelope.of(reply.body()).orElseThrow();
        if (!own.proves(request, verb, answer, hash(answer.frame()))) {
            throw new AssertionError("the answer to " + verb + " is not proved");
        }
        return new Reply(200, answer.frame());
    }

    private static Envelope seal(OutgoingSession session, String verb, Bytes frame) {
        Hash chain = PeerMethod.of(verb).flatMap(method -> method.chain(frame)).orElse(Hash.ZERO);
        return session.seal(new Kind(verb, chain), frame, hash(frame));
    }

    private OutgoingSession handshake() {
        CallerHandshake handshake = new CallerHandshake(party, called, random(), random());
        Reply welcome =
                transport.post("hello", PeerMethod.HELLO.request().codec().encode(handshake.hello()));
        Proved proved = (Proved) handshake.welcomed(
                PeerMethod.HELLO.answer().codec().decode(welcome.body()).orElseThrow());
        Reply ready = transport.post("prove", PeerMethod.PROVE.request().codec().encode(proved.prove()));
        return proved.confirmation()
                .session(PeerMethod.PROVE.answer().codec().decode(ready.body()).orElseThrow())
                .orElseThrow();
    }

    private Bytes random() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
