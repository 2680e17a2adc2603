package io.qbc.gossip.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.gossip.Frames;
import io.qbc.model.Bytes;
import io.qbc.protocol.message.Message;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class FrameTest {
    static Iterable<String> names() {
        return Frames.SAMPLES.keySet();
    }

    /** A changed vector is a changed protocol: it needs a new version, and nodes that speak both. */
    @ParameterizedTest
    @MethodSource("names")
    void framesHaveTheirPublishedBytes(String name) throws IOException {
        assertThat(Frame.write(Frames.SAMPLES.get(name)).hex())
                .isEqualTo(vectors().getString(name));
    }

    @Test
    void everyVectorHasItsSample() throws IOException {
        assertThat(vectors().fieldNames()).containsExactlyElementsOf(Frames.SAMPLES.keySet());
    }

    @ParameterizedTest
    @MethodSource("names")
    void whatIsWrittenIsRead(String name) {
        Message message = Frames.SAMPLES.get(name);
        assertThat(read(name, Frame.write(message))).map(m -> (Message) m).contains(message);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aFrameThatIsCutOrLongerOrOfAnotherVersionIsNone(String name) {
        byte[] whole = Frame.write(Frames.SAMPLES.get(name)).toArray();
        for (int size = 0; size < whole.length; size++) {
            if (name.equals("leap-again")
                    && size == Frame.write(Frames.SAMPLES.get("leap")).size()) {
                // What is cut off here may be left out.
                continue;
            }
            assertThat(read(name, Bytes.wrap(whole, 0, size)))
                    .as("%d bytes", size)
                    .isEmpty();
        }
        assertThat(read(name, Bytes.wrap(Arrays.copyOf(whole, whole.length + 1))))
                .isEmpty();
        whole[0] = 1;
        assertThat(read(name, Bytes.wrap(whole))).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void noiseIsNeverAnError(String name) {
        long seed = new Random().nextLong();
        Random chance = new Random(seed);
        byte[] whole = Frame.write(Frames.SAMPLES.get(name)).toArray();
        for (int i = 0; i < 2000; i++) {
            byte[] noisy = whole.clone();
            for (int flips = 1 + chance.nextInt(4); flips > 0; flips--) {
                noisy[chance.nextInt(noisy.length)] = (byte) chance.nextInt();
            }
            // What is still read must be the one writing of what it says.
            assertThat(read(name, Bytes.wrap(noisy)).map(m -> Frame.write(m).hex()))
                    .as("seed %d, round %d", seed, i)
                    .satisfiesAnyOf(
                            none -> assertThat(none).isEmpty(),
                            same -> assertThat(same).contains(Bytes.wrap(noisy).hex()));
        }
    }

    private static Optional<? extends Message> read(String name, Bytes bytes) {
        Function<Bytes, Optional<? extends Message>> reader = Frames.READERS.get(name);
        return reader.apply(bytes);
    }

    private static JsonObject vectors() throws IOException {
        try (InputStream in = FrameTest.class.getResourceAsStream("/vectors/peer-frames.json")) {
            return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).getJsonObject("frames");
        }
    }
}
