package io.qbc.protocol.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.NetworkMode;
import io.qbc.protocol.message.HandshakeSizes;
import io.qbc.protocol.message.Message.Callee;
import io.qbc.protocol.message.Message.Hello;
import io.qbc.protocol.message.NetworkLabel;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.session.CallerHandshake.Proved;
import io.qbc.protocol.session.IncomingSession.Admitted;
import io.qbc.protocol.session.SessionServer.Begun;
import io.qbc.protocol.session.SessionServer.Bounds;
import io.qbc.protocol.session.SessionServer.Opened;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published handshakes, which another program made from the protocol's page. */
class SessionVectorsTest {
    static Stream<JsonObject> vectors() throws IOException {
        try (InputStream in = SessionVectorsTest.class.getResourceAsStream("/vectors/sessions.json")) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .getJsonArray("sessions").stream().map(JsonObject.class::cast);
        }
    }

    private static Bytes hex(JsonObject vector, String name) {
        return Bytes.hex(vector.getString(name));
    }

    private static Party party(JsonObject vector, String end, Bytes allowed) {
        NetworkMode mode = NetworkMode.of(vector.getString("mode")).orElseThrow();
        return new Party(
                Ed25519.signer(hex(vector, end + "Seed").toArray()),
                vector.getString(end + "Address"),
                new NetworkRules(
                        new NetworkLabel(vector.getString("network"), mode),
                        Bytes.utf8(vector.getString("secret")),
                        Set.of(allowed)));
    }

    private static Bytes key(JsonObject vector, String end) {
        return Ed25519.signer(hex(vector, end + "Seed").toArray()).key();
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void handshakesAndMessagesHaveTheirPublishedBytes(JsonObject vector) {
        CallerHandshake caller = new CallerHandshake(
                party(vector, "caller", key(vector, "callee")),
                vector.getString("called"),
                hex(vector, "callerNonce"),
                hex(vector, "callerEphemeralSecret"));
        Deque<Bytes> chance = new ArrayDeque<>(
                List.of(hex(vector, "calleeEphemeralSecret"), hex(vector, "session"), hex(vector, "calleeNonce")));
        SessionServer callee = new SessionServer(
                party(vector, "callee", key(vector, "caller")), new Bounds(1, 1, 0), size -> chance.remove());

        assertThat(PeerMethod.HELLO.request().codec().encode(caller.hello())).isEqualTo(hex(vector, "hello"));
        Begun begun = (Begun) callee.hello(caller.hello(), "somewhere", 0);
        assertThat(PeerMethod.HELLO.answer().codec().encode(begun.welcome())).isEqualTo(hex(vector, "helloAnswer"));
        Proved proved = (Proved) caller.welcomed(begun.welcome());
        assertThat(PeerMethod.PROVE.request().codec().encode(proved.prove())).isEqualTo(hex(vector, "prove"));
        Opened opened = (Opened) callee.prove(proved.prove(), 0);
        assertThat(PeerMethod.PROVE.answer().codec().encode(opened.ready())).isEqualTo(hex(vector, "proveAnswer"));
        OutgoingSession session = proved.confirmation().session(opened.ready()).orElseThrow();
        message(vector, session, opened.session());
    }

    private static void message(JsonObject vector, OutgoingSession outgoing, IncomingSession incoming) {
        String verb = vector.getString("verb");
        Bytes frame = hex(vector, "requestFrame");
        Hash chain = Hash.parse(vector.getString("chain")).orElseThrow();
        Envelope request = outgoing.seal(new Kind(verb, chain), frame, TestCaller.hash(frame));
        assertThat(TestCaller.bytes(request)).isEqualTo(hex(vector, "request"));
        ProvedFrame read = ((Admitted) incoming.admit(request, verb, TestCaller.hash(frame))).proved();
        assertThat(read.seal(hex(vector, "answerFrame"))).isEqualTo(hex(vector, "answer"));
    }

    @ParameterizedTest
    @MethodSource("vectors")
    void theStepsInBetweenAreThePublishedOnes(JsonObject vector) {
        Hello hello =
                PeerMethod.HELLO.request().codec().decode(hex(vector, "hello")).orElseThrow();
        Callee callee = PeerMethod.HELLO
                .answer()
                .codec()
                .decode(hex(vector, "helloAnswer"))
                .orElseThrow()
                .callee();
        assertThat(callee.session().size()).isEqualTo(HandshakeSizes.SESSION_BYTES);
        assertThat(Transcript.bytes(hello, callee)).isEqualTo(hex(vector, "transcript"));
        Hash transcript = Transcript.hash(hello, callee);
        assertThat(transcript.hex()).isEqualTo(vector.getString("transcriptHash"));
        Bytes agreed = SessionCrypto.agree(hex(vector, "callerEphemeralSecret"), callee.ephemeral())
                .orElseThrow();
        assertThat(agreed).isEqualTo(hex(vector, "agreed"));
        assertThat(SessionKeys.derive(agreed, Bytes.utf8(vector.getString("secret")), transcript))
                .isEqualTo(new SessionKeys(
                        hex(vector, "calleeProofKey"),
                        hex(vector, "callerProofKey"),
                        hex(vector, "toCalleeKey"),
                        hex(vector, "toCallerKey")));
    }
}
