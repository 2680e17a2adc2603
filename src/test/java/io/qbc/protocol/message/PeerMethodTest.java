package io.qbc.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.protocol.message.PeerMethod.Payload;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PeerMethodTest {
    static Iterable<String> names() {
        return MessageSamples.ALL.keySet();
    }

    static Iterable<PeerMethod<?, ?>> methods() {
        return PeerMethod.all();
    }

    /** A word more or less is a changed protocol: nodes of the version before do not know it, or miss it. */
    @Test
    void theVocabularyIsThePublishedOne() {
        assertThat(PeerMethod.all())
                .extracting(PeerMethod::word)
                .containsExactly(
                        "hello",
                        "prove",
                        "head",
                        "ids",
                        "transactions",
                        "quant",
                        "sync",
                        "fetch",
                        "rest",
                        "spec",
                        "leap");
    }

    @ParameterizedTest
    @MethodSource("methods")
    void aMethodIsFoundByItsWordAlone(PeerMethod<?, ?> method) {
        assertThat(PeerMethod.of(method.word())).containsSame(method);
        assertThat(PeerMethod.of(method.word() + "s")).isEmpty();
        assertThat(PeerMethod.of(method.word().toUpperCase(Locale.ROOT))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyRequestAndEveryTypeOfAnswerHasASample(PeerMethod<?, ?> method) {
        assertThat(names()).anyMatch(name -> MessageSamples.payload(name).equals(method.request()));
        assertThat(MessageSamples.ALL.values()).anyMatch(method.answer().type()::isInstance);
    }

    /** REST leaves room for these before it asks, and cannot see the table. */
    @Test
    void theLargeAnswersAreThoseThatRestLeavesRoomFor() {
        assertThat(PeerMethod.all())
                .filteredOn(method -> method.answer().isLarge())
                .extracting(PeerMethod::word)
                .containsExactlyInAnyOrderElementsOf(PeerCall.LARGE_ANSWERS);
    }

    /** REST takes no more of who proved nothing, and cannot see the table. */
    @Test
    void theHandshakesAreThoseThatRestTakesShortBodiesFor() {
        assertThat(PeerMethod.all())
                .filteredOn(PeerMethod::isHandshake)
                .allMatch(method -> method.request().bytesMax() == PeerCall.HANDSHAKE_BYTES_MAX)
                .extracting(PeerMethod::word)
                .containsExactlyInAnyOrderElementsOf(PeerCall.HANDSHAKES);
    }

    /** Before a frame is read, it is known of which chain it must be. */
    @ParameterizedTest
    @MethodSource("methods")
    void theChainStandsFirst(PeerMethod<?, ?> method) {
        boolean aboutNone = method.isHandshake() || method == PeerMethod.HEAD;
        assertThat(method.chain(MessageSamples.frame(method.word())))
                .contains(aboutNone ? Hash.ZERO : Samples.dbc("main").id());
        assertThat(method.chain(Bytes.EMPTY).isPresent()).isEqualTo(aboutNone);
    }

    /** A changed vector is a changed protocol: it needs a new version, and nodes that know both. */
    @ParameterizedTest
    @MethodSource("names")
    void framesHaveTheirPublishedBytes(String name) throws IOException {
        assertThat(MessageSamples.frame(name).hex()).isEqualTo(vectors().getString(name));
    }

    @Test
    void everyVectorHasItsSample() throws IOException {
        assertThat(vectors().fieldNames()).containsExactlyElementsOf(MessageSamples.ALL.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsEncodedIsDecoded(String name) {
        assertThat(decode(name, MessageSamples.frame(name))).contains(MessageSamples.ALL.get(name));
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFrameThatIsCutOrLongerOrOfAnotherVersionIsNone(String name) {
        byte[] whole = MessageSamples.frame(name).toArray();
        for (int size = 0; size < whole.length; size++) {
            if (name.equals("leap-again")
                    && size == MessageSamples.frame("leap").size()) {
                // What is cut off here may be left out.
                continue;
            }
            assertThat(decode(name, Bytes.wrap(whole, 0, size)))
                    .as("%d bytes", size)
                    .isEmpty();
        }
        assertThat(decode(name, Bytes.wrap(Arrays.copyOf(whole, whole.length + 1))))
                .isEmpty();
        whole[0] = 1;
        assertThat(decode(name, Bytes.wrap(whole))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void noiseIsNeverAnError(String name) {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        Payload<Message> payload = MessageSamples.payload(name);
        byte[] whole = MessageSamples.frame(name).toArray();
        for (int i = 0; i < 2000; i++) {
            byte[] noisy = whole.clone();
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                noisy[random.nextInt(noisy.length)] = (byte) random.nextInt();
            }
            // What is still decoded must be the one encoding of what it says.
            assertThat(decode(name, Bytes.wrap(noisy))
                            .map(message -> payload.codec().encode(message).hex()))
                    .as("seed %d, round %d", seed, i)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            same -> assertThat(same).contains(Bytes.wrap(noisy).hex()));
        }
    }

    private static Optional<Message> decode(String name, Bytes frame) {
        return MessageSamples.payload(name).codec().decode(frame);
    }

    private static JsonObject vectors() throws IOException {
        try (InputStream in = PeerMethodTest.class.getResourceAsStream("/vectors/peer-frames.json")) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getJsonObject("frames");
        }
    }
}
