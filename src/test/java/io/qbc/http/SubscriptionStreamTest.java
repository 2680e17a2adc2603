package io.qbc.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.bus.Bus;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionStreamTest {
    private static final String BASE = "/v1/chains/main/subscriptions/orders/";
    private final FakeSubscription subscription = new FakeSubscription();
    private HttpFixture httpFixture;

    @BeforeEach
    void begin() {
        start(new HttpFixture());
    }

    private void start(HttpFixture fixture) {
        httpFixture = fixture;
        HttpFixture.wait(subscription.serve(new Bus(fixture.vertx, Patience.ANSWER)));
    }

    @AfterEach
    void end() {
        httpFixture.close();
    }

    /** The messages of a socket as they come. */
    private final class Socket {
        private final Queue<JsonObject> messages = new ConcurrentLinkedQueue<>();
        private final WebSocket socket;

        Socket(String... headers) {
            WebSocketClient client = httpFixture.vertx.createWebSocketClient(
                    new WebSocketClientOptions().setMaxFrameSize(1 << 20).setMaxMessageSize(1 << 20));
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost("127.0.0.1")
                    .setPort(httpFixture.port())
                    .setURI(BASE + "socket");
            for (int i = 0; i < headers.length; i += 2) {
                options.addHeader(headers[i], headers[i + 1]);
            }
            socket = Patience.get(client.connect(options).map(connected -> {
                connected.textMessageHandler(text -> messages.add(new JsonObject(text)));
                return connected;
            }));
        }

        void say(String text) {
            Patience.get(socket.writeTextMessage(text));
        }

        void ack(long offset) {
            say("{\"type\":\"ack\",\"offset\":" + offset + "}");
        }

        List<Long> offsets(String type) {
            return messages.stream()
                    .filter(message -> message.getString("type").equals(type))
                    .map(message -> message.getLong("offset"))
                    .toList();
        }

        void has(String type, Long... offsets) {
            await().untilAsserted(() -> assertThat(offsets(type)).containsExactly(offsets));
        }

        void closes(int code) {
            await().untilAsserted(() -> assertThat(socket.closeStatusCode()).isEqualTo((short) code));
        }
    }

    @Test
    void eventsComeOnASocketAndAreAcknowledged() {
        subscription.end.set(3);
        Socket socket = new Socket();
        socket.has("event", 1L, 2L, 3L);
        socket.ack(2);
        socket.has("acked", 2L);
        assertThat(subscription.offset).hasValue(2);
        subscription.end.set(4);
        socket.has("event", 1L, 2L, 3L, 4L);
        socket.ack(4);
        socket.has("acked", 2L, 4L);
        Patience.get(socket.socket.close());
        await().untilAsserted(() -> assertThat(subscription.released).hasSize(1));
    }

    @Test
    void whatIsRefusedComesOnceMore() {
        subscription.end.set(3);
        Socket socket = new Socket();
        socket.has("event", 1L, 2L, 3L);
        socket.ack(1);
        socket.has("acked", 1L);
        socket.say("{\"type\":\"nack\",\"offset\":3}");
        socket.has("event", 1L, 2L, 3L, 2L, 3L);
        socket.has("rewound", 3L);
        socket.ack(3);
        socket.has("acked", 1L, 3L);
    }

    @Test
    void anAcknowledgementAfterAMoveIsStaleAndKeepsTheSocket() {
        subscription.end.set(3);
        Socket socket = new Socket();
        socket.has("event", 1L, 2L, 3L);
        subscription.seek(0);
        socket.has("event", 1L, 2L, 3L, 1L, 2L, 3L);
        socket.say("{\"type\":\"ack\",\"offset\":3,\"generation\":0}");
        socket.has("stale", 3L);
        assertThat(subscription.offset).hasValue(0);
        subscription.end.set(9);
        subscription.seek(7);
        socket.ack(3);
        await().untilAsserted(() -> assertThat(socket.offsets("stale")).hasSize(2));
        socket.has("event", 1L, 2L, 3L, 1L, 2L, 3L, 8L, 9L);
        socket.ack(3);
        await().untilAsserted(() -> assertThat(socket.offsets("stale")).hasSize(3));
        socket.ack(8);
        socket.has("acked", 8L);
        assertThat(socket.socket.isClosed()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "[]",
                "{}",
                "{\"type\":\"ack\"}",
                "{\"type\":\"ack\",\"offset\":\"1\"}",
                "{\"type\":\"ack\",\"offset\":1.5}",
                "{\"type\":\"ack\",\"offset\":77}",
                "{\"type\":\"start\"}"
            })
    void whatMakesNoSenseIsAnsweredAndEndsTheSocket(String text) {
        subscription.end.set(1);
        Socket socket = new Socket();
        socket.has("event", 1L);
        socket.say(text);
        socket.closes(1002);
        assertThat(socket.messages.stream().map(message -> message.getString("code")))
                .contains("request_invalid");
        await().untilAsserted(() -> assertThat(subscription.released).hasSize(1));
    }

    @Test
    void aMessageThatIsTooLongEndsTheSocket() {
        Socket socket = new Socket();
        socket.say("{\"x\":\"" + "x".repeat(20_000) + "\"}");
        await().until(socket.socket::isClosed);
        await().untilAsserted(() -> assertThat(subscription.released).hasSize(1));
    }

    @Test
    void socketsAreStreamsThatAreGivenBack() {
        int before = httpFixture.sharedLimits.streams().inUse();
        Socket socket = new Socket();
        assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(before + 1);
        Patience.get(socket.socket.close());
        await().untilAsserted(() ->
                assertThat(httpFixture.sharedLimits.streams().inUse()).isEqualTo(before));
    }

    @Test
    void whatMayNotBeFollowedIsRefusedBefore() {
        subscription.kind = "pull";
        assertThat(httpFixture.get(BASE + "events").body()).contains("subscription_kind");
        subscription.refusal = Optional.of(new Failure(Reason.SUBSCRIPTION_LEASED, "another one has it"));
        assertThat(httpFixture.get(BASE + "events").body()).contains("subscription_leased");
        assertThat(httpFixture.get(BASE + "socket").body()).contains("request_invalid");
        try {
            assertThat(new Socket().socket).isNull();
        } catch (IllegalStateException e) {
            assertThat(e).hasRootCauseInstanceOf(UpgradeRejectedException.class);
        }
    }

    @Test
    void aCredentialThatEndsEndsItsSocket() throws IOException {
        httpFixture.close();
        start(HttpFixture.required());
        String key = httpFixture.key("reader");
        subscription.end.set(1);
        Socket socket = new Socket("Authorization", "Bearer " + key);
        socket.has("event", 1L);
        httpFixture.revoke(key.split("_", -1)[1]);
        subscription.end.set(2);
        socket.closes(1008);
        assertThat(socket.offsets("event")).containsExactly(1L);
    }

    @Test
    void aPauseEndsASocketInWords() {
        Socket socket = new Socket();
        subscription.refusal = Optional.of(new Failure(Reason.SUBSCRIPTION_PAUSED, "it is paused"));
        socket.closes(1013);
        assertThat(socket.messages.stream().map(message -> message.getString("code")))
                .contains("subscription_paused");
    }

    @Test
    void eventsComeAsServerSentEventsAndAreAcknowledgedAside() {
        subscription.end.set(2);
        HttpResponse<Stream<String>> response =
                httpFixture.send(httpFixture.request(BASE + "events"), BodyHandlers.ofLines());
        Queue<String> lines = new ConcurrentLinkedQueue<>();
        CompletableFuture<Void> reading = CompletableFuture.runAsync(
                () -> response.body().forEach(lines::add), reader -> new Thread(reader).start());
        await().untilAsserted(() -> assertThat(lines).contains("id: 0", "id: 1"));
        List<JsonObject> data = lines.stream()
                .filter(line -> line.startsWith("data: "))
                .map(line -> new JsonObject(line.substring(6)))
                .toList();
        String consumer = data.get(0).getString("consumer");
        assertThat(data.get(2).getJsonObject("event").getJsonObject("data").getInteger("n"))
                .isEqualTo(1);
        HttpResponse<String> acked =
                httpFixture.post(BASE + "ack", "{\"consumer\":\"" + consumer + "\",\"offset\":2,\"generation\":0}");
        assertThat(acked.statusCode()).as(acked.body()).isEqualTo(200);
        assertThat(subscription.offset).hasValue(2);
        subscription.refusal = Optional.of(new Failure(Reason.SUBSCRIPTION_PAUSED, "it is paused"));
        reading.join();
        assertThat(lines).contains("event: end");
        await().untilAsserted(() -> assertThat(subscription.released).containsExactly(consumer));
    }
}
