package io.qbc.subscription.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.follow.Leaf;
import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CloudEventsTest {
    private static final Hash CHAIN = Hash.parse("ab".repeat(32)).orElseThrow();
    private static final Hash ID = Hash.parse("cd".repeat(32)).orElseThrow();

    private static final Body BODY = Samples.transaction(Samples.dbc("orders"), 1).body();

    private static Leaf leaf(long index, Optional<Bytes> payload) {
        return new Leaf(index, 3, Hash.ZERO, 1_700_000_000_123L, 9, ID, BODY, payload);
    }

    @Test
    void aThinEventHasNoData() {
        assertThat(CloudEvents.event(CHAIN, leaf(7, Optional.of(Bytes.utf8("1"))), false)
                        .text())
                .isEqualTo("{\"specversion\":\"1.0\",\"type\":\"qbc.transaction.committed\",\"source\":\"/chains/"
                        + "ab".repeat(32) + "\",\"id\":\"7\",\"subject\":\"" + "cd".repeat(32)
                        + "\",\"time\":\"2023-11-14T22:13:20.123Z\",\"height\":3,\"treesize\":9}");
    }

    @Test
    void dataStandsByteForByte() {
        Bytes data = Bytes.utf8("{ \"a\" : 1.0e2,\"ü\":\"\\u00e9\" }");
        String text = CloudEvents.event(CHAIN, leaf(7, Optional.of(data)), true).text();
        assertThat(text).endsWith(",\"datacontenttype\":\"application/json\",\"data\":" + data.text() + "}");
        assertThat(new JsonObject(text).getJsonObject("data").getDouble("a")).isEqualTo(100.0);
    }

    @Test
    void whatWasErasedIsSaidToBe() {
        assertThat(CloudEvents.event(CHAIN, leaf(7, Optional.empty()), true).text())
                .endsWith(",\"treesize\":9,\"erased\":true}");
    }

    @Test
    void aBatchIsAnArray() {
        List<Leaf> leaves = List.of(leaf(7, Optional.empty()), leaf(8, Optional.of(Bytes.utf8("[1]"))));
        JsonArray array = new JsonArray(CloudEvents.batch(CHAIN, leaves, true).text());
        assertThat(array).hasSize(2);
        assertThat(array.getJsonObject(1).getString("id")).isEqualTo("8");
        assertThat(CloudEvents.batch(CHAIN, List.of(), true).text()).isEqualTo("[]");
    }

    @Test
    void theLongestEnvelopeFits() {
        Leaf leaf = new Leaf(
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                Hash.ZERO,
                Long.MAX_VALUE,
                Long.MAX_VALUE,
                ID,
                BODY,
                Optional.of(Bytes.utf8("1")));
        assertThat(CloudEvents.event(CHAIN, leaf, true).size()).isLessThanOrEqualTo(CloudEvents.bytesMax(leaf, true));
    }
}
