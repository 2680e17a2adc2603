package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import io.qbc.Patience;
import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictJsonTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Test
    void refusesOtherEncodingsAndMarks() {
        assertThat(StrictJson.check(Bytes.hex("efbbbf7b7d"), LIMITS)).contains(new JsonFault("a value is expected", 0));
        for (var charset : List.of(StandardCharsets.UTF_16, StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE)) {
            assertThat(StrictJson.check(Bytes.wrap("{\"a\":1}".getBytes(charset)), LIMITS))
                    .as("%s", charset)
                    .isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1",
                "-1",
                "10",
                "1.5",
                "-0.0",
                "0.10",
                "1e1",
                "1E1",
                "1e+1",
                "1e-1",
                "0e0",
                "-0e-0",
                "1.5E+300",
                "1e400",
                "123456789012345678901234567890",
                "0.1e0001",
                "true",
                "false",
                "null",
                "\"\"",
                "\"a\"",
                "[]",
                "{}",
                " {} ",
                "\t\r\n [ ] \n",
                "[1,2]",
                "[ 1 , 2 ]",
                "[[],{}]",
                "{\"\":\"\"}",
                " { \"a\" : 1 , \"b\" : 2 } ",
                "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
                "\"\\u0000\"",
                "\"\\uD83D\\uDE00\"",
                "\"\\ud83d\\ude00x\"",
                "\"\u007f\"",
                "\"\\ufeff\"",
                "\"\ufeff\"",
                "\"\u2028\"",
                "\"é\"",
                "\"語\"",
                "\"😀\"",
                "\"\udbff\udfff\"",
                "\"\uffff\"",
                "\"\\uffff\"",
                "{\"a\":1,\"A\":2}",
                "{\"a\":{\"a\":{\"a\":1}}}",
                "[{\"a\":1},{\"a\":1}]",
                "\"//\"",
                "\"/**/\"",
                "\"NaN\"",
                "{\"é\":1,\"e\\u0301\":2}",
                "{\"a\":1,\"a \":2}",
                "\"\\u005c\"",
                "\"\\u0022\"",
                "{\"__proto__\":1}",
                "{\"a\":[{\"b\":[1,{\"c\":null}]}]}",
                "\"0123456789abcdef0123456789\\n0123456789\""
            })
    void accepted(String text) {
        assertThat(fault(text)).isEmpty();
    }

    @Test
    void acceptsEveryCharacterThatUtf8Has() {
        StringBuilder text = new StringBuilder("\"");
        for (int c = 0x20; c <= Character.MAX_CODE_POINT; c += c < 0x3000 ? 1 : 37) {
            if (c != '"' && c != '\\' && !(c >= 0xd800 && c <= 0xdfff)) {
                text.appendCodePoint(c);
            }
        }
        assertThat(StrictJson.check(Bytes.utf8(text.append('"').toString()), new JsonLimits(1 << 24, 32)))
                .isEmpty();
    }

    /** The long-string scan looks at eight bytes at once; each byte must be found in each of the places. */
    @Test
    void findsEveryByteInEveryPlace() {
        for (int place = 0; place < 24; place++) {
            for (int b = 0; b < 256; b++) {
                byte[] text = ("\"" + "x".repeat(24) + "\"").getBytes(StandardCharsets.US_ASCII);
                text[1 + place] = (byte) b;
                boolean plain = b >= 0x20 && b < 0x80 && b != '"' && b != '\\';
                assertThat(StrictJson.check(Bytes.wrap(text), LIMITS).isEmpty())
                        .as("byte %d at %d", b, place)
                        .isEqualTo(plain);
            }
        }
    }

    @Test
    void countsDepth() {
        for (String pair : new String[] {"[]", "{\"a\":}"}) {
            String open = pair.substring(0, pair.length() - 1);
            String close = pair.substring(pair.length() - 1);
            assertThat(fault(open.repeat(31) + "[]" + close.repeat(31))).isEmpty();
            assertThat(fault(open.repeat(31) + "[1]" + close.repeat(31))).isEmpty();
            assertThat(fault(open.repeat(32) + "[]" + close.repeat(32)))
                    .hasValueSatisfying(fault -> assertThat(fault.problem()).isEqualTo("deeper than 32"));
        }
        assertThat(fault("[".repeat(1 << 19))).isPresent();
        assertThat(StrictJson.check(Bytes.utf8("[]"), new JsonLimits(10, 0))).isPresent();
        assertThat(StrictJson.check(Bytes.utf8("1"), new JsonLimits(10, 0))).isEmpty();
    }

    /** Names chosen to make comparing them costly still cost no more than a sort. */
    @Test
    void comparesManyEscapedNamesQuickly() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 50_000; i++) {
            text.append("\"\\u0061").append(i * 48_271L % 1_000_003).append("\":1,");
        }
        String open = text.toString();
        assertTimeout(Patience.ANSWER, () -> {
            assertThat(fault(open + "\"b\":1}")).isEmpty();
            assertThat(fault(open + "\"a48271\":1}")).isPresent();
        });
    }

    @Test
    void countsBytes() {
        JsonLimits ten = new JsonLimits(10, 32);
        assertThat(StrictJson.check(Bytes.utf8("\"12345678\""), ten)).isEmpty();
        assertThat(StrictJson.check(Bytes.utf8("\"123456789\""), ten))
                .contains(new JsonFault("longer than 10 bytes", 10));
        assertThat(StrictJson.check(Bytes.utf8("1          "), ten)).isPresent();
    }

    @Test
    void namesTheFirstFault() {
        assertThat(fault("{\"a\":tru}")).contains(new JsonFault("a value is expected", 5));
        assertThat(fault("[1,\n 01]")).contains(new JsonFault("a number begins with 0", 7));
        assertThat(fault("{\"a\":1,\"a\":2}").orElseThrow().problem()).isEqualTo("an object has a name twice");
        assertThat(fault("1 x")).hasToString("Optional[something follows the value at byte 2]");
    }

    @Test
    void readsAViewAndNothingAroundIt() {
        byte[] around = "xx{\"a\":12}34".getBytes(StandardCharsets.UTF_8);
        Bytes view = Bytes.wrap(around, 2, 8);
        JsonObjectText object = StrictJson.object(view, LIMITS);
        assertThat(object.fault()).isEmpty();
        assertThat(object.member("a").orElseThrow().text()).isEqualTo("12");
        assertThat(StrictJson.check(Bytes.wrap(around, 2, 7), LIMITS))
                .contains(new JsonFault("',' or '}' is expected", 7));
        assertThat(StrictJson.check(Bytes.wrap(around, 7, 1), LIMITS)).isEmpty();
        byte[] cut = HexFormat.of().parseHex("22c3a9");
        assertThat(StrictJson.check(Bytes.wrap(cut, 0, 2), LIMITS)).isPresent();
    }

    private static Optional<JsonFault> fault(String text) {
        return StrictJson.check(Bytes.utf8(text), LIMITS);
    }
}
