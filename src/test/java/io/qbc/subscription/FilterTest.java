package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.follow.Leaf;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What filters let through, one condition after the other and all together. */
class FilterTest {
    private static final Hash CHAIN = new Hash(9, 9, 9, 9);
    private static final Hash ALICE = new Hash(1, 1, 1, 1);
    private static final Hash BOB = new Hash(2, 2, 2, 2);

    private static Filter filter(String text) {
        return SubscriptionReader.read(CHAIN, "s", Bytes.utf8("{\"filter\":" + text + "}"))
                .filter();
    }

    private static Leaf leaf(String type, Bytes author, String key, Optional<String> payload) {
        Body body = new Body(1, CHAIN, 1, Bytes.utf8(key), author, Bytes.utf8(type), 0, Hash.ZERO, 2);
        return new Leaf(0, 1, ALICE, 5, 1, BOB, body, payload.map(Bytes::utf8));
    }

    private static boolean passes(String filter, String type, Bytes author, String key) {
        return filter(filter).matches(leaf(type, author, key, Optional.of("{}")));
    }

    private static boolean passes(String filter, String payload) {
        return filter(filter).matches(leaf("order", Bytes.EMPTY, "k", Optional.of(payload)));
    }

    @ParameterizedTest
    @CsvSource({
        "order.*, order.placed, true",
        "order.*, order., true",
        "order.*, order, false",
        "order.*, preorder.placed, false",
        "*.placed, order.placed, true",
        "o*r.*d, order.placed, true",
        "order, order.placed, false",
        "*, '', true",
        "'', '', true",
        "'', order, false",
        "order.?, order.x, false"
    })
    void typesHaveStars(String pattern, String type, boolean passes) {
        assertThat(passes("{\"types\":[\"nothing\",\"" + pattern + "\"]}", type, Bytes.EMPTY, "k"))
                .isEqualTo(passes);
    }

    @Test
    void authorsAreKeysOrNobody() {
        Bytes alice = Bytes.wrap(ALICE.bytes());
        Bytes bob = Bytes.wrap(BOB.bytes());
        String both = "{\"authors\":[\"" + ALICE.hex() + "\",\"\"]}";
        assertThat(passes(both, "t", alice, "k")).isTrue();
        assertThat(passes(both, "t", Bytes.EMPTY, "k")).as("unsigned").isTrue();
        assertThat(passes(both, "t", bob, "k")).isFalse();
        assertThat(passes("{\"authors\":[\"" + BOB.hex() + "\"]}", "t", Bytes.EMPTY, "k"))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "order-, order-1, true",
        "order-, order-, true",
        "order-, order, false",
        "order-, my-order-1, false",
        "order-, Order-1, false",
        "'', anything, true",
        "\u00fc, \u00fcber, true"
    })
    void keysBeginWithAPrefix(String prefix, String key, boolean passes) {
        assertThat(passes("{\"keyPrefix\":\"" + prefix + "\"}", "t", Bytes.EMPTY, key))
                .isEqualTo(passes);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'/n' | 2 | {\"n\":2} | true",
                "'/n' | 2 | {\"n\":2.0} | true",
                "'/n' | 2.50 | {\"n\":25e-1} | true",
                "'/n' | 2 | {\"n\":3} | false",
                "'/n' | 2 | {\"n\":\"2\"} | false",
                "'/n' | null | {\"n\":null} | true",
                "'/n' | null | {} | false",
                "'/n' | false | {\"n\":false} | true",
                "'/n' | {\"a\":1,\"b\":[1,2]} | {\"n\":{\"b\":[1,2.0],\"a\":1}} | true",
                "'/n' | {\"a\":1} | {\"n\":{\"a\":1,\"b\":2}} | false",
                "'/n' | [1,2] | {\"n\":[2,1]} | false",
                "'/a/1/b' | \"x\" | {\"a\":[0,{\"b\":\"x\"}]} | true",
                "'/a/01/b' | \"x\" | {\"a\":[0,{\"b\":\"x\"}]} | false",
                "'/a/7' | 1 | {\"a\":[0]} | false",
                "'/a~1b/c~0d' | 1 | {\"a/b\":{\"c~d\":1}} | true",
                "'' | [1] | [1] | true",
                "'/n' | 1e400 | {\"n\":1e400} | true"
            })
    void dataHasAValueAtAPointer(String pointer, String equal, String payload, boolean passes) {
        assertThat(passes("{\"pointer\":\"" + pointer + "\",\"equal\":" + equal + "}", payload))
                .isEqualTo(passes);
    }

    @Test
    void aPointerAloneWantsAnythingThere() {
        assertThat(passes("{\"pointer\":\"/n\"}", "{\"n\":null}")).isTrue();
        assertThat(passes("{\"pointer\":\"/n\"}", "{\"m\":1}")).isFalse();
        assertThat(passes("{\"pointer\":\"/n\"}", "no JSON")).isFalse();
        assertThat(filter("{\"pointer\":\"/n\"}").matches(leaf("t", Bytes.EMPTY, "k", Optional.empty())))
                .as("erased")
                .isFalse();
    }

    @Test
    void allConditionsMustHold() {
        String all = "{\"types\":[\"order.*\"],\"authors\":[\"" + ALICE.hex()
                + "\"],\"keyPrefix\":\"a\",\"pointer\":\"/n\",\"equal\":1}";
        Bytes alice = Bytes.wrap(ALICE.bytes());
        Optional<String> data = Optional.of("{\"n\":1}");
        assertThat(filter(all).matches(leaf("order.x", alice, "ab", data))).isTrue();
        assertThat(filter(all).matches(leaf("other", alice, "ab", data))).isFalse();
        assertThat(filter(all).matches(leaf("order.x", Bytes.EMPTY, "ab", data)))
                .isFalse();
        assertThat(filter(all).matches(leaf("order.x", alice, "b", data))).isFalse();
        assertThat(filter(all).matches(leaf("order.x", alice, "ab", Optional.of("{\"n\":2}"))))
                .isFalse();
        assertThat(filter("{}").matches(leaf("", Bytes.EMPTY, "", Optional.empty())))
                .isTrue();
    }
}
