package io.qbc.eventbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.http.HttpFixture;
import io.vertx.core.Future;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Events over the bus where not everybody may read every chain. */
class EventBusSubscriptionsTest {
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        httpFixture = HttpFixture.required();
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    private Future<JsonObject> subscribed(String key, JsonObject ask) {
        DeliveryOptions proof = new DeliveryOptions().addHeader("authorization", "Bearer " + key);
        return httpFixture
                .vertx
                .eventBus()
                .<JsonObject>request(PublicAddresses.EVENTS_SUBSCRIBE, ask, proof)
                .map(message -> message.body());
    }

    private String subscribe(String key) {
        JsonObject answer = HttpFixture.wait(subscribed(key, new JsonObject().put("chain", "main")));
        assertThat(answer.getInteger("seconds")).isEqualTo(60);
        return answer.getString("address");
    }

    private int refused(String key, JsonObject ask) {
        return HttpFixture.wait(subscribed(key, ask)
                .map(served -> 0)
                .recover(cause -> Future.succeededFuture(((ReplyException) cause).failureCode())));
    }

    private Queue<JsonObject> events(String address) {
        Queue<JsonObject> events = new ConcurrentLinkedQueue<>();
        httpFixture.vertx.eventBus().<JsonObject>consumer(address, message -> events.add(message.body()));
        return events;
    }

    @Test
    void eventsGoToThoseAloneWhoMayReadTheChain() throws IOException {
        Queue<JsonObject> everybody = events(PublicAddresses.EVENTS);
        Queue<JsonObject> reader = events(subscribe(httpFixture.key("reader@main")));
        JsonObject main = new JsonObject().put("chain", "main");
        assertThat(refused(httpFixture.key("reader@other"), main)).isEqualTo(404);
        assertThat(refused(httpFixture.key("writer@main"), main)).isEqualTo(403);
        assertThat(refused("qbc_", main)).isEqualTo(401);
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        await().untilAsserted(() -> assertThat(reader)
                .extracting(event -> event.getString("type") + event.getLong("height"))
                .containsExactly("quant1", "quant2"));
        assertThat(everybody).isEmpty();
    }

    @Test
    void aSubscriptionEndsWithItsCredential() throws IOException {
        String ended = httpFixture.key("reader@main");
        String address = subscribe(ended);
        Queue<JsonObject> seen = events(address);
        Queue<JsonObject> other = events(subscribe(httpFixture.key("reader")));
        httpFixture.node.leap(List.of());
        await().untilAsserted(() -> assertThat(seen).hasSize(1));
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(2);
        httpFixture.revoke(ended.split("_", -1)[1]);
        httpFixture.node.leap(List.of());
        httpFixture.node.leap(List.of());
        await().untilAsserted(() -> assertThat(other).hasSize(3));
        assertThat(seen).hasSize(1);
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(1);
    }

    @Test
    void aSubscriptionGoesOnForItsOwnCallerAlone() throws IOException {
        String key = httpFixture.key("reader");
        String address = subscribe(key);
        JsonObject again = new JsonObject().put("chain", "main").put("address", address);
        assertThat(HttpFixture.wait(subscribed(key, again)).getString("address"))
                .isEqualTo(address);
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(1);
        assertThat(refused(httpFixture.key("reader"), again)).isEqualTo(400);
        assertThat(refused(key, again.copy().put("address", PublicAddresses.EVENTS)))
                .isEqualTo(400);
    }
}
