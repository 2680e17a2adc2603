package io.qbc.subscription;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.client.BlockingQbcClient;
import io.qbc.client.request.TransactionRequest;
import io.qbc.testkit.LedgerChain;
import io.qbc.testkit.LedgerClock;
import io.qbc.testkit.LedgerNetwork;
import io.qbc.testkit.LedgerNode;
import io.qbc.testkit.QbcLedger;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Streams of subscriptions of a whole node: its store, its stage and its REST door. */
@QbcLedger(chains = @LedgerChain("orders"))
class SubscriptionStreamNodeTest {
    private static final String ONE = "/v1/chains/orders/subscriptions/shop";
    private static final String CHAIN_ORDER = "{\"data\":true,\"deliver\":{\"kind\":\"stream\"}}";
    private static final String KEY_ORDER =
            "{\"order\":\"key\",\"keyBy\":\"/k\",\"data\":true,\"deliver\":{\"kind\":\"stream\"}}";

    private final HttpClient http = HttpClient.newHttpClient();

    private JsonObject call(LedgerNode node, String method, String path, String body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        String answer = Patience.get(Future.fromCompletionStage(
                http.sendAsync(request, HttpResponse.BodyHandlers.ofString()).thenApply(HttpResponse::body)));
        return new JsonObject(answer);
    }

    private static void inject(BlockingQbcClient client, String... keys) {
        for (String key : keys) {
            client.inject("orders", TransactionRequest.json("{\"k\":\"" + key + "\"}"));
        }
        client.leap("orders");
    }

    private long offset(LedgerNode node) {
        return call(node, "GET", ONE + "/status", "").getLong("offset");
    }

    /** A consumer on a socket. */
    private static final class Socket {
        private final Queue<JsonObject> messages = new ConcurrentLinkedQueue<>();
        /** It closes its sockets when it is collected. */
        private final WebSocketClient client;

        private final WebSocket socket;

        Socket(Vertx vertx, LedgerNode node) {
            URI url = URI.create(node.url());
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost(url.getHost())
                    .setPort(url.getPort())
                    .setURI(ONE + "/socket");
            client = vertx.createWebSocketClient();
            socket = Patience.get(client.connect(options).map(connected -> {
                connected.textMessageHandler(text -> messages.add(new JsonObject(text)));
                return connected;
            }));
        }

        void say(String type, long offset) {
            Patience.get(socket.writeTextMessage("{\"type\":\"" + type + "\",\"offset\":" + offset + "}"));
        }

        void has(String type, Long... offsets) {
            await().untilAsserted(() -> assertThat(messages.stream()
                            .filter(message -> message.getString("type").equals(type))
                            .map(message -> message.getLong("offset")))
                    .containsExactly(offsets));
        }
    }

    @Test
    void aSocketGoesOnWhereItsLastAcknowledgementWas(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) {
        call(node, "PUT", ONE, CHAIN_ORDER);
        inject(client, "a", "b", "c");
        Socket first = new Socket(network.vertx(), node);
        first.has("event", 1L, 2L, 3L);
        first.say("ack", 1);
        first.has("acked", 1L);
        first.say("nack", 3);
        first.has("event", 1L, 2L, 3L, 2L, 3L);
        node.cutOff();
        await().until(first.socket::isClosed);
        node.restore();
        // The lease was given back with the connection.
        await().untilAsserted(
                        () -> assertThat(call(node, "GET", ONE + "/status", "").getJsonArray("consumers"))
                                .isEmpty());
        Socket second = new Socket(network.vertx(), node);
        second.has("event", 2L, 3L);
        second.say("ack", 3);
        second.has("acked", 3L);
        node.stop();
        node.start();
        assertThat(offset(node)).isEqualTo(3);
        Socket third = new Socket(network.vertx(), node);
        inject(client, "d");
        third.has("event", 4L);
        Patience.get(third.socket.close());
    }

    @Test
    void socketsShareASubscriptionKeyByKey(LedgerNode node, BlockingQbcClient client, LedgerNetwork network) {
        call(node, "PUT", ONE, KEY_ORDER);
        inject(client, "a");
        Socket one = new Socket(network.vertx(), node);
        one.has("event", 1L);
        Socket two = new Socket(network.vertx(), node);
        inject(client, "a", "b");
        await().untilAsserted(() ->
                assertThat(one.messages.size() + two.messages.size()).isEqualTo(3));
        // What has the key of an event that the first one has is its, and the other one's is anybody's.
        assertThat(one.messages.stream().map(message -> message.getLong("offset")))
                .contains(1L, 2L);
        one.say("ack", 2);
        one.has("stale", 2L);
        one.say("ack", 1);
        one.has("acked", 1L);
        assertThat(offset(node)).isEqualTo(1);
        Patience.get(one.socket.close());
        await().untilAsserted(() -> assertThat(two.messages.stream().map(message -> message.getLong("offset")))
                .contains(2L, 3L));
        two.say("ack", 3);
        two.has("acked", 3L);
        assertThat(offset(node)).isEqualTo(1);
        two.say("ack", 2);
        two.has("acked", 3L, 2L);
        assertThat(offset(node)).isEqualTo(3);
        Patience.get(two.socket.close());
    }

    /** A consumer of server-sent events. */
    private final class Reader {
        private final Queue<String> lines = new ConcurrentLinkedQueue<>();

        Reader(LedgerNode node) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(node.url() + ONE + "/events"))
                    .header("Accept", "text/event-stream")
                    .build();
            var unused = http.sendAsync(request, HttpResponse.BodyHandlers.ofLines())
                    .thenAccept(answer -> new Thread(() -> {
                                try {
                                    answer.body().forEach(lines::add);
                                } catch (UncheckedIOException cut) {
                                    lines.add("cut");
                                }
                            })
                            .start());
        }

        void has(String... ids) {
            await().untilAsserted(() -> assertThat(lines.stream().filter(line -> line.startsWith("id: ")))
                    .containsExactly(ids));
        }

        String consumer() {
            return lines.stream()
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> new JsonObject(line.substring(6)).getString("consumer"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void serverSentEventsGoOnWhereTheLastAcknowledgementWas(
            LedgerNode node, BlockingQbcClient client, LedgerClock clock) {
        call(node, "PUT", ONE, CHAIN_ORDER);
        inject(client, "a", "b");
        Reader first = new Reader(node);
        first.has("id: 0", "id: 1");
        JsonObject leased = call(node, "GET", ONE + "/events", "");
        assertThat(leased.getString("code")).isEqualTo("subscription_leased");
        JsonObject acked = call(node, "POST", ONE + "/ack", "{\"consumer\":\"" + first.consumer() + "\",\"offset\":1}");
        assertThat(acked.getLong("offset")).isEqualTo(1);
        clock.advance(Duration.ofSeconds(31));
        // The lease was over but for the next fetch of the stream; its name still acknowledges.
        node.stop();
        await().untilAsserted(() -> assertThat(first.lines).containsAnyOf("event: end", "cut"));
        node.start();
        Reader second = new Reader(node);
        second.has("id: 1");
        JsonObject all = call(node, "POST", ONE + "/ack", "{\"consumer\":\"" + second.consumer() + "\",\"offset\":2}");
        assertThat(all.getLong("offset")).isEqualTo(2);
        inject(client, "c");
        second.has("id: 1", "id: 2");
        assertThat(List.copyOf(second.lines)).noneMatch(line -> line.equals("event: end"));
    }

    @Test
    void oneThatLeavesWhileItWaitsIsGivenNothingAnyMore(
            LedgerNode node, BlockingQbcClient client, LedgerNetwork network, LedgerClock clock) {
        // No lease ends by itself.
        clock.stopAt(Instant.now());
        call(node, "PUT", ONE, KEY_ORDER);
        inject(client, "a");
        Socket first = new Socket(network.vertx(), node);
        first.has("event", 1L);
        first.say("ack", 1);
        first.has("acked", 1L);
        Socket second = new Socket(network.vertx(), node);
        Patience.get(first.socket.close());
        await().until(first.socket::isClosed);
        inject(client, "a", "b");
        second.has("event", 2L, 3L);
        assertThat(call(node, "GET", ONE + "/status", "").getJsonArray("consumers"))
                .hasSize(1);
        Patience.get(second.socket.close());
    }

    @Test
    void readersOfKeysAcknowledgeByIds(LedgerNode node, BlockingQbcClient client) {
        call(node, "PUT", ONE, KEY_ORDER);
        inject(client, "a", "b", "a");
        Reader reader = new Reader(node);
        reader.has("id: 0", "id: 1", "id: 2");
        String ack = "{\"consumer\":\"" + reader.consumer() + "\",\"events\":[%s]}";
        assertThat(call(node, "POST", ONE + "/ack", ack.formatted("\"2\"")).getString("code"))
                .isEqualTo("subscription_offset");
        assertThat(call(node, "POST", ONE + "/ack", ack.formatted("\"1\"")).getLong("beyond"))
                .isEqualTo(1);
        assertThat(call(node, "POST", ONE + "/ack", ack.formatted("\"0\",\"2\""))
                        .getLong("offset"))
                .isEqualTo(3);
    }
}
