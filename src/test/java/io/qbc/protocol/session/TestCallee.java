package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import io.qbc.model.Signer;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.IncomingSession.Admitted;
import io.qbc.protocol.session.SessionServer.Begun;
import io.qbc.protocol.session.SessionServer.Opened;
import java.util.Optional;
import java.util.Random;
import java.util.function.BiFunction;

/** A node at the other end of a caller's sessions, which answers with the frames that a test gives. */
public final class TestCallee {
    private final SessionServer sessions;
    private final Random random = new Random();

    public TestCallee(Signer identity, String address) {
        Party party = new Party(identity, address, NetworkRules.open("qbc"));
        sessions = new SessionServer(party, new SessionServer.Bounds(64, 3_600_000, 0), this::random);
    }

    /** The body of the answer; nothing if the request is refused. */
    public Optional<Bytes> answer(String verb, Bytes body, BiFunction<String, Bytes, Bytes> frames) {
        long now = System.currentTimeMillis();
        if (verb.equals("hello")) {
            return PeerMethod.HELLO
                    .request()
                    .codec()
                    .decode(body)
                    .map(hello -> sessions.hello(hello, "somewhere", now))
                    .map(outcome -> PeerMethod.HELLO.answer().codec().encode(((Begun) outcome).welcome()));
        }
        if (verb.equals("prove")) {
            return PeerMethod.PROVE
                    .request()
                    .codec()
                    .decode(body)
                    .map(prove -> sessions.prove(prove, now))
                    .filter(Opened.class::isInstance)
                    .map(outcome -> PeerMethod.PROVE.answer().codec().encode(((Opened) outcome).ready()));
        }
        return Envelope.of(body)
                .flatMap(envelope -> sessions.find(envelope.session(), now)
                        .map(session -> session.admit(envelope, verb, TestCaller.hash(envelope.frame())))
                        .filter(Admitted.class::isInstance)
                        .map(admission -> ((Admitted) admission).proved())
                        .map(proved -> proved.seal(frames.apply(verb, proved.frame()))));
    }

    private Bytes random(int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }
}
