package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The texts that must be refused, whatever another parser would make of them. */
class StrictJsonRefusalTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);
    private static final String MANY_NAMES = manyNames();

    /** Twelve members, so that the names are compared by sorting. */
    private static String manyNames() {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < 12; i++) {
            names.append("\"n").append(i).append("\":").append(i).append(',');
        }
        return names.toString();
    }

    private static final List<String> REFUSED = List.of(new String[] {
        // nothing, or too little
        "",
        " ",
        "\n\t\r ",
        "{",
        "[",
        "\"",
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "{\"a\":1,",
        "[1",
        "[1,",
        "\"abc",
        "\"abc\\",
        "\"abc\\\"",
        "\"\\u",
        "\"\\u12",
        "\"\\u123\"",
        "-",
        "t",
        "tru",
        "nul",
        "fals",
        // too much
        "{}x",
        "{} {}",
        "1 2",
        "[]]",
        "{}}",
        "\"\"\"",
        "nullnull",
        "truex",
        "{}\0",
        "[1]//",
        "{},",
        // commas, colons, quotes
        "[,]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1,,2]",
        "{,}",
        "{\"a\":1,}",
        "{\"a\":1 \"b\":2}",
        "{\"a\" 1}",
        "{\"a\"::1}",
        "{a:1}",
        "{'a':1}",
        "['a']",
        "{1:1}",
        "{null:1}",
        "{\"a\":}",
        "{\"a\"}",
        "[:]",
        "]",
        "}",
        // comments
        "/**/1",
        "1//",
        "1/**/",
        "[1/*,*/]",
        "{\"a\"/**/:1}",
        "#\n1",
        "{\"a\":1}//\n",
        // words
        "NaN",
        "-NaN",
        "Infinity",
        "-Infinity",
        "+Infinity",
        "[NaN]",
        "{\"a\":Infinity}",
        "undefined",
        "True",
        "NULL",
        "nan",
        "inf",
        // numbers
        "01",
        "-01",
        "00",
        "-",
        "+1",
        ".5",
        "-.5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "1E-",
        "0x10",
        "1_000",
        "1,5",
        "--1",
        "-+1",
        "1.2.3",
        "1e1.5",
        "1e1e1",
        "0123",
        "1f",
        "1L",
        "-a",
        "\uff11",
        "1\u0660",
        // strings
        "\"\\a\"",
        "\"\\'\"",
        "\"\\0\"",
        "\"\\x41\"",
        "\"\\U0041\"",
        "\"\\u00g1\"",
        "\"\\u 041\"",
        "\"\\u-041\"",
        "\"\\u+041\"",
        "\"a\nb\"",
        "\"a\tb\"",
        "\"a\0b\"",
        "\"\u001f\"",
        "{\"a\nb\":1}",
        "\"\r\"",
        // lone surrogates, escaped
        "\"\\ud800\"",
        "\"\\udfff\"",
        "\"\\ud800x\"",
        "\"\\ud800\\n\"",
        "\"\\ud800\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\ud83d\\u0041\"",
        "\"\\uD83D\"",
        "{\"\\ud800\":1}",
        "\"\\ud83d\\",
        "\"\\ud83d\\ude0\"",
        "\"\\ud83d\\Ude00\"",
        "\"\\ud83dude00\"",
        // white space that is none
        "\u00a01",
        "1\u00a0",
        "\u20281",
        "\f1",
        "\u000b1",
        "[\u00851]",
        "\ufeff1",
        "1\ufeff",
        "[\ufeff]",
        // duplicate names
        "{\"a\":1,\"a\":2}",
        "{\"a\":1,\"b\":2,\"a\":1}",
        "{\"\":1,\"\":1}",
        "[{\"a\":1,\"a\":1}]",
        "{\"o\":{\"a\":1,\"a\":1}}",
        "{\"o\":[[{\"x\":{\"a\":1,\"b\":{},\"a\":1}}]]}",
        "{\"a\":1,\"\\u0061\":2}",
        "{\"\\u0061\":1,\"\\u0061\":2}",
        "{\"/\":1,\"\\/\":2}",
        "{\"\\n\":1,\"\\u000a\":2}",
        "{\"\\u000A\":1,\"\\u000a\":2}",
        "{\"é\":1,\"\\u00e9\":2}",
        "{\"😀\":1,\"\\ud83d\\ude00\":2}",
        "{\"\\\\\":1,\"\\u005c\":2}",
        "{\"\\\"\":1,\"\\u0022\":2}",
        "{\"a\":{\"a\":1},\"a\":2}",
        "{\"a\":1,\"b\":{\"c\":1},\"b\":1}",
        "{" + MANY_NAMES + "\"n0\":1}",
        "{" + MANY_NAMES + "\"n1\\u0031\":1}",
        "[{" + MANY_NAMES + "\"x\":{" + MANY_NAMES + "\"\\u006e7\":1}}]",
        "{" + MANY_NAMES + "\"o\":{\"z\":1,\"z\":1}}"
    });

    static Stream<String> refused() {
        return REFUSED.stream();
    }

    @ParameterizedTest
    @MethodSource
    void refused(String text) {
        assertThat(StrictJson.check(Bytes.utf8(text), LIMITS)).isPresent();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void refusedBytes(String hex, String why) {
        Bytes inner = Bytes.hex(hex);
        assertThat(StrictJson.check(inner, LIMITS)).as(why).isPresent();
        Bytes quoted = Bytes.hex("22" + hex + "22");
        assertThat(StrictJson.check(quoted, LIMITS)).as(why).isPresent();
        Bytes long8 = Bytes.hex("22" + "61".repeat(13) + hex + "61".repeat(13) + "22");
        assertThat(StrictJson.check(long8, LIMITS))
                .as("%s in a long string", why)
                .isPresent();
        Bytes name = Bytes.hex("7b22" + hex + "223a317d");
        assertThat(StrictJson.check(name, LIMITS)).as("%s in a name", why).isPresent();
    }

    static Stream<Arguments> refusedBytes() {
        return Stream.of(
                        "80|a lone continuation byte",
                        "bf|a lone continuation byte",
                        "c3|a sequence of two cut after one",
                        "c328|a first byte without its second",
                        "e282|a sequence of three cut after two",
                        "e228a1|a second byte missing",
                        "e28228|a third byte missing",
                        "f09f98|a sequence of four cut after three",
                        "f0288cbc|a second byte of four missing",
                        "f0902828|bytes of four missing",
                        "c080|an overlong NUL",
                        "c0af|an overlong slash",
                        "c1bf|an overlong DEL",
                        "c19c|an overlong backslash",
                        "c0a2|an overlong quote",
                        "e080af|an overlong slash of three",
                        "e09fbf|an overlong sequence of three",
                        "f08080af|an overlong slash of four",
                        "f08fbfbf|an overlong sequence of four",
                        "eda080|a raw high surrogate",
                        "edbfbf|a raw low surrogate",
                        "eda0bdedb880|a raw pair of surrogates (CESU-8)",
                        "f4908080|above U+10FFFF",
                        "f5808080|above U+10FFFF",
                        "f888808080|a sequence of five",
                        "fc8480808080|a sequence of six",
                        "fe|not UTF-8",
                        "ff|not UTF-8",
                        "fffe|a UTF-16 mark",
                        "00|NUL",
                        "0a|a line feed",
                        "1f|a control character")
                .map(line -> line.split("\\|"))
                .map(parts -> Arguments.of(parts[0], parts[1]));
    }
}
