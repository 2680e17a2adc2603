package io.qbc.json;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.model.Bytes;
import org.junit.jupiter.api.Test;

class JsonObjectTextTest {
    private static final JsonLimits LIMITS = new JsonLimits(1 << 20, 32);

    @Test
    void keepsTheExactBytesOfEveryValue() {
        JsonObjectText object =
                read(" { \"data\" : { \"b\" : 1.50,\n\"a\":[ 1e2 , \"\\u00e9\" ] } , \"n\":-0.0\t, \"s\":\"x\"}");
        assertThat(object.fault()).isEmpty();
        assertThat(object.names()).containsExactly("data", "n", "s");
        assertThat(object.member("data").orElseThrow().text())
                .isEqualTo("{ \"b\" : 1.50,\n\"a\":[ 1e2 , \"\\u00e9\" ] }");
        assertThat(object.member("n").orElseThrow().text()).isEqualTo("-0.0");
        assertThat(object.member("s").orElseThrow().text()).isEqualTo("\"x\"");
        assertThat(object.string("s")).contains("x");
        assertThat(object.string("n")).isEmpty();
        assertThat(object.member("b")).as("a member of a member").isEmpty();
        assertThat(object.string("absent")).isEmpty();
    }

    @Test
    void findsANameHoweverItIsWritten() {
        JsonObjectText object = read("{\"d\\u0061ta\":1,\"\\ud83d\\ude00\":\"\\n\\u0041\\/\\\\\",\"\":2,\"é\":3}");
        assertThat(object.names()).containsExactly("data", "😀", "", "é");
        assertThat(object.member("data").orElseThrow().text()).isEqualTo("1");
        assertThat(object.string("😀")).contains("\nA/\\");
        assertThat(object.member("").orElseThrow().text()).isEqualTo("2");
        assertThat(object.member("é").orElseThrow().text()).isEqualTo("3");
        assertThat(object.member("d\\u0061ta")).isEmpty();
    }

    @Test
    void takesAnObjectOnly() {
        for (String text : new String[] {"[]", "1", "\"{}\"", "null", " [{\"a\":1}]"}) {
            assertThat(read(text).fault()).as(text).isPresent();
            assertThat(read(text).names()).as(text).isEmpty();
        }
        assertThat(read(" {} ").fault()).isEmpty();
        assertThat(read("{}x").fault()).isPresent();
    }

    @Test
    void holdsManyMembers() {
        StringBuilder text = new StringBuilder("{");
        for (int i = 0; i < 1000; i++) {
            text.append(i == 0 ? "" : ",")
                    .append("\"m")
                    .append(i)
                    .append("\":{\"x\":")
                    .append(i)
                    .append('}');
        }
        JsonObjectText object = read(text.append('}').toString());
        assertThat(object.names()).hasSize(1000);
        assertThat(object.member("m777").orElseThrow().text()).isEqualTo("{\"x\":777}");
    }

    private static JsonObjectText read(String text) {
        return StrictJson.object(Bytes.utf8(text), LIMITS);
    }
}
