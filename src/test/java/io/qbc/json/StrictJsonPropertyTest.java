package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.qbc.Chance;
import io.qbc.model.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Random texts, judged by Jackson's strict parser as a second opinion. */
class StrictJsonPropertyTest {
    private static final int ROUNDS = 20_000;
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);
    private static final JsonFactory STRICT = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t ", "\r\n"};
    private static final String[] NUMBERS = {"0", "-0", "7", "-12", "3.25", "1e9", "2E-3", "-0.5e+2", "9007199254740993"
    };
    private static final String[] PIECES = {
        "a",
        "b",
        "name",
        "é",
        "語",
        "😀",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0061",
        "\\u00E9",
        "\\ud83d\\ude00",
        " ",
        "0123456789"
    };

    private final Random random = Chance.random();

    @Test
    void acceptsEveryWellFormedText() throws IOException {
        for (int i = 0; i < ROUNDS; i++) {
            Bytes text = Bytes.utf8(object(0));
            JsonObjectText object = StrictJson.object(text, LIMITS);
            assertThat(object.fault()).as(text.text()).isEmpty();
            assertThat(object.names()).isEqualTo(names(text).orElseThrow());
        }
    }

    @Test
    void acceptsNothingThatJacksonRefuses() throws IOException {
        int accepted = 0;
        for (int i = 0; i < 3 * ROUNDS; i++) {
            Bytes text = Bytes.wrap(Chance.injure(random, object(0).getBytes(StandardCharsets.UTF_8)));
            JsonObjectText object = StrictJson.object(text, LIMITS);
            if (object.fault().isEmpty()) {
                accepted++;
                Optional<List<String>> names = names(text);
                assertThat(names).as("Jackson refuses %s", text.hex()).isPresent();
                assertThat(object.names()).as(text.hex()).isEqualTo(names.orElseThrow());
                assertThat(new String(text.toArray(), StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8))
                        .as("what is accepted is UTF-8")
                        .isEqualTo(text.toArray());
            }
        }
        assertThat(accepted)
                .as("the injuries are small enough that some texts stay well formed")
                .isGreaterThan(100);
    }

    @Test
    void neverThrows() {
        String alphabet = "{}[]\",:\\u0123456789abcdefntrl-+.eE \n/*\u0000";
        for (int i = 0; i < 10 * ROUNDS; i++) {
            byte[] bytes = Chance.bytes(random, random.nextInt(40));
            if (i % 2 == 0) {
                for (int k = 0; k < bytes.length; k++) {
                    bytes[k] = (byte) alphabet.charAt((bytes[k] & 0xff) % alphabet.length());
                }
            }
            Bytes text = Bytes.wrap(bytes);
            boolean object = StrictJson.object(text, LIMITS).fault().isEmpty();
            if (object && StrictJson.check(text, LIMITS).isPresent()) {
                fail("an object that is not a value: " + text.hex());
            }
        }
    }

    /** The top-level names if Jackson takes the text as one object. */
    private static Optional<List<String>> names(Bytes text) throws IOException {
        List<String> names = new ArrayList<>();
        int depth = 0;
        try (JsonParser parser = STRICT.createParser(text.array(), text.offset(), text.size())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME && depth == 1) {
                    names.add(parser.currentName());
                }
                depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
                // Jackson reads strings and numbers only when asked for.
                if (token.isScalarValue()) {
                    parser.getText();
                }
            }
            return Optional.of(names);
        } catch (JsonProcessingException refused) {
            return Optional.empty();
        }
    }

    private String value(int depth) {
        return switch (depth > 4 ? 2 + random.nextInt(4) : random.nextInt(6)) {
            case 0 -> object(depth);
            case 1 -> array(depth);
            case 2 -> '"' + string() + '"';
            case 3 -> pick(NUMBERS);
            case 4 -> random.nextBoolean() ? "true" : "false";
            default -> "null";
        };
    }

    private String object(int depth) {
        List<String> members = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = random.nextInt(random.nextInt(10) == 0 ? 20 : 4); i > 0; i--) {
            String name = string();
            if (names.add(JsonNames.unescape(name))) {
                members.add(space() + '"' + name + '"' + space() + ':' + space() + value(depth + 1) + space());
            }
        }
        return "{" + space() + String.join(",", members) + "}";
    }

    private String array(int depth) {
        List<String> values = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            values.add(space() + value(depth + 1) + space());
        }
        return "[" + space() + String.join(",", values) + "]";
    }

    private String string() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(pick(PIECES));
        }
        return text.toString();
    }

    private String space() {
        return pick(SPACES);
    }

    private String pick(String[] from) {
        return from[random.nextInt(from.length)];
    }
}
