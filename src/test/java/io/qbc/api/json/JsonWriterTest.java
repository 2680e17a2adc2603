package io.qbc.api.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
    private static String written(Consumer<JsonWriter> members) {
        return JsonWriter.object(members).toBytes().text();
    }

    @Test
    @DisplayName("Members stand in the order in which they are written, with commas between them alone")
    void membersAreParted() {
        assertThat(written(out -> {})).isEqualTo("{}");
        assertThat(written(out -> out.text("a", "b"))).isEqualTo("{\"a\":\"b\"}");
        assertThat(written(out -> out.number("z", -7)
                        .flag("a", true)
                        .hex("h", Bytes.utf8("\0\377"))
                        .hex("zero", Hash.ZERO)
                        .json("j", Bytes.utf8(" [1, 2]"))))
                .isEqualTo("{\"z\":-7,\"a\":true,\"h\":\"00c3bf\",\"zero\":\"" + "0".repeat(64) + "\",\"j\": [1, 2]}");
    }

    @Test
    @DisplayName("Objects and arrays inside others begin and end without a comma too many or missing")
    void nestedValuesAreParted() {
        assertThat(written(out -> out.object("none", inner -> {})
                        .object(
                                "one",
                                inner -> inner.object("two", innermost -> innermost.number("n", 1))
                                        .number("after", 2))
                        .objects("empty", List.of(), JsonWriterTest::digit)
                        .objects("digits", List.of(3, 4), JsonWriterTest::digit)
                        .texts("words", List.of())
                        .texts("more", List.of("a", "b"))
                        .number("end", 5)))
                .isEqualTo("{\"none\":{},\"one\":{\"two\":{\"n\":1},\"after\":2},\"empty\":[],"
                        + "\"digits\":[{\"d\":3,\"list\":[\"3\"]},{\"d\":4,\"list\":[\"4\"]}],"
                        + "\"words\":[],\"more\":[\"a\",\"b\"],\"end\":5}");
        assertThat(JsonWriter.texts(List.of("a", "b")).toBytes().text()).isEqualTo("[\"a\",\"b\"]");
    }

    private static void digit(JsonWriter out, int digit) {
        out.number("d", digit);
        out.texts("list", List.of(Integer.toString(digit)));
    }

    @Test
    @DisplayName("What is empty stands as null")
    void emptyIsNull() {
        assertThat(written(out -> out.text("a", Optional.empty())
                        .number("b", OptionalLong.empty())
                        .object("c", Optional.<Integer>empty(), JsonWriterTest::digit)))
                .isEqualTo("{\"a\":null,\"b\":null,\"c\":null}");
        assertThat(written(out -> out.text("a", Optional.of("x"))
                        .number("b", OptionalLong.of(1))
                        .object("c", Optional.of(2), JsonWriterTest::digit)))
                .isEqualTo("{\"a\":\"x\",\"b\":1,\"c\":{\"d\":2,\"list\":[\"2\"]}}");
    }

    @Test
    @DisplayName("Names and texts are escaped as RFC 8259 asks, a lone surrogate becomes the replacement character")
    void textsAreEscaped() {
        assertThat(written(out -> out.text("a\"b", "\\ \n \u0001 \u001f é \ud83d\ude00 \ud800")))
                .isEqualTo("{\"a\\\"b\":\"\\\\ \\n \\u0001 \\u001f é \ud83d\ude00 \ufffd\"}");
    }

    @Test
    @DisplayName("An object is written behind what is in the buffer")
    void writesBehindWhatIsThere() {
        JsonBuffer out = new JsonBuffer(0).raw("data: ");
        assertThat(JsonWriter.object(out, json -> json.number("a", 1)).toBytes().text())
                .isEqualTo("data: {\"a\":1}");
    }
}
