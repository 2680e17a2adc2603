package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.SubscribedEvent;
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

    private static final Body BODY =
            Samples.transaction(Samples.dbc("orders"), 1).body();

    private static SubscribedEvent leaf(long index, Optional<Bytes> payload) {
        return event(index, index, 1_700_000_000_123L, payload);
    }

    static SubscribedEvent event(long index, long treeSize, long time, Optional<Bytes> payload) {
        return new SubscribedEvent(
                Long.toString(index),
                false,
                index,
                index + 1,
                3,
                Hash.ZERO,
                time,
                treeSize,
                Optional.of(ID),
                Optional.of(BODY),
                payload);
    }

    @Test
    void aThinEventHasNoData() {
        assertThat(CloudEvents.event(CHAIN, leaf(7, Optional.of(Bytes.utf8("1"))), false)
                        .text())
                .isEqualTo("{\"specversion\":\"1.0\",\"type\":\"qbc.transaction.committed\",\"source\":\"/chains/"
                        + "ab".repeat(32) + "\",\"id\":\"7\",\"subject\":\"" + "cd".repeat(32)
                        + "\",\"time\":\"2023-11-14T22:13:20.123Z\",\"height\":3,\"treesize\":7,\"index\":7}");
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
                .endsWith(",\"index\":7,\"erased\":true}");
    }

    @Test
    void aBatchIsAnArray() {
        List<SubscribedEvent> leaves = List.of(leaf(7, Optional.empty()), leaf(8, Optional.of(Bytes.utf8("[1]"))));
        JsonArray array = new JsonArray(CloudEvents.batch(CHAIN, leaves, true).text());
        assertThat(array).hasSize(2);
        assertThat(array.getJsonObject(1).getString("id")).isEqualTo("8");
        assertThat(CloudEvents.batch(CHAIN, List.of(), true).text()).isEqualTo("[]");
    }

    @Test
    void theLongestEnvelopeFits() {
        SubscribedEvent leaf = event(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Optional.of(Bytes.utf8("1")));
        assertThat(CloudEvents.event(CHAIN, leaf, true).size()).isLessThanOrEqualTo(CloudEvents.bytesMax(leaf, true));
    }

    @Test
    void anUndoingHasNoSubject() {
        SubscribedEvent event = new SubscribedEvent(
                "5-r1", true, 5, 5, 2, Hash.ZERO, 0, 5, Optional.empty(), Optional.empty(), Optional.empty());
        assertThat(CloudEvents.event(CHAIN, event, true).text())
                .startsWith("{\"specversion\":\"1.0\",\"type\":\"qbc.transactions.reverted\"")
                .endsWith("\"id\":\"5-r1\",\"time\":\"1970-01-01T00:00:00Z\",\"height\":2,\"treesize\":5,\"index\":5}");
    }
}
