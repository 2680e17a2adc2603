package io.qbc.eventbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.BridgeConfig;
import io.qbc.http.HttpFixture;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SockJsBridgeTest {
    private static final int MESSAGE_BYTES = 64 * 1024;
    private static final int IN_FLIGHT = 8;

    private HttpFixture fixture;
    /** One that nobody holds is closed with its sockets when memory is collected. */
    private WebSocketClient client;

    @BeforeEach
    void begin() {
        BridgeConfig.Sockjs sockjs = new BridgeConfig.Sockjs(true, "/eventbus", 4);
        BridgeConfig bridges = new BridgeConfig(
                List.of(),
                MESSAGE_BYTES,
                MESSAGE_BYTES,
                IN_FLIGHT,
                2,
                Duration.ofSeconds(60),
                BridgeConfig.OFF.tcp(),
                sockjs);
        fixture = new HttpFixture(base -> Samples.with(
                base, bridges, Samples.with(base.http(), Map.of("origins", List.of("https://shop.example")))));
        client = fixture.vertx.createWebSocketClient();
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private WebSocket open(String path, BlockingQueue<String> heard, String... headers) {
        WebSocketConnectOptions options = new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(fixture.port())
                .setURI(path);
        for (int i = 0; i < headers.length; i += 2) {
            options.addHeader(headers[i], headers[i + 1]);
        }
        return HttpFixture.wait(client.connect(options).map(socket -> {
            socket.textMessageHandler(heard::add);
            return socket;
        }));
    }

    private static String next(BlockingQueue<String> heard) throws InterruptedException {
        String text = heard.poll(Patience.ANSWER.toMillis(), TimeUnit.MILLISECONDS);
        assertThat(text).isNotNull();
        return text;
    }

    private static JsonObject send(String address, JsonObject body) {
        return new JsonObject()
                .put("type", "send")
                .put("address", address)
                .put("replyAddress", "r1")
                .put("body", body);
    }

    @Test
    void aSessionOfSockJsInjects() throws InterruptedException {
        JsonObject info = HttpFixture.json(fixture.get("/eventbus/info"));
        assertThat(info.getBoolean("websocket")).isTrue();
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = open("/eventbus/123/abcdefgh/websocket", heard);
        assertThat(next(heard)).isEqualTo("o");
        JsonObject inject = send(
                "qbc.v1.transactions.inject",
                new JsonObject().put("chain", "main").put("data", 7));
        HttpFixture.wait(
                socket.writeTextMessage(new JsonArray().add(inject.encode()).encode()));
        String answer = next(heard);
        assertThat(answer).startsWith("a[");
        JsonObject received = new JsonObject(new JsonArray(answer.substring(1)).getString(0));
        assertThat(received.getString("type")).isEqualTo("rec");
        assertThat(received.getJsonObject("body").getString("state")).isEqualTo("pending");
    }

    @Test
    void aPlainSocketNeedsNoSession() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = open("/eventbus/websocket", heard);
        HttpFixture.wait(
                socket.writeTextMessage(send("mining.inject", new JsonObject()).encode()));
        JsonObject refused = new JsonObject(next(heard));
        assertThat(refused.getString("type")).isEqualTo("err");
        assertThat(refused.getInteger("failureCode")).isEqualTo(404);
        HttpFixture.wait(socket.writeTextMessage("no json"));
        assertThat(new JsonObject(next(heard)).getInteger("failureCode")).isEqualTo(400);
        HttpFixture.wait(socket.writeTextMessage(
                send("qbc.v1.chains.list", new JsonObject()).encode()));
        assertThat(new JsonObject(next(heard)).getString("type")).isEqualTo("rec");
    }

    @Test
    void aPageOfAnotherOriginIsRefused() {
        assertThatThrownBy(() ->
                        open("/eventbus/websocket", new LinkedBlockingQueue<>(), "Origin", "https://evil.example"))
                .rootCause()
                .isInstanceOfSatisfying(
                        UpgradeRejectedException.class,
                        refused -> assertThat(refused.getStatus()).isEqualTo(403));
    }

    @Test
    void nothingElseIsServedThere() {
        assertThat(fixture.get("/eventbus/iframe.html").statusCode()).isEqualTo(404);
        assertThat(fixture.get("/eventbus/1/2/xhr").statusCode()).isEqualTo(404);
        assertThat(fixture.get("/eventbus/websocket").statusCode()).isEqualTo(400);
    }

    /** A frame of SockJS has as many messages as fit into it. */
    @Test
    void notMoreThanInFlightIsInWorkHoweverManyComeInOneFrame() throws InterruptedException {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        WebSocket socket = open("/eventbus/123/abcdefgh/websocket", heard);
        assertThat(next(heard)).isEqualTo("o");
        JsonArray frame = new JsonArray();
        int count = 3 * IN_FLIGHT;
        for (int i = 0; i < count; i++) {
            JsonObject body =
                    new JsonObject().put("chain", "main").put("data", i).put("wait", 30);
            frame.add(send("qbc.v1.transactions.inject", body).encode());
        }
        HttpFixture.wait(socket.writeTextMessage(frame.encode()));
        int known = 0;
        for (int most = IN_FLIGHT; most <= count; most += IN_FLIGHT) {
            int expected = most;
            await().pollDelay(Duration.ofMillis(300))
                    .until(() -> TcpBridgeTest.injected(fixture).size() == expected);
            fixture.node.leap(TcpBridgeTest.injected(fixture).subList(known, most));
            for (; known < most; known++) {
                assertThat(next(heard)).contains("committed");
            }
        }
    }

    @Test
    void pagesOfOtherOriginsThatAreListedMayAskWithCredentials() {
        String origin = "https://shop.example";
        HttpResponse<String> shared =
                fixture.send(fixture.request("/eventbus/info").header("Origin", origin));
        assertThat(shared.headers().firstValue("Access-Control-Allow-Origin")).contains(origin);
        assertThat(shared.headers().firstValue("Access-Control-Allow-Credentials"))
                .contains("true");
        HttpResponse<String> elsewhere =
                fixture.send(fixture.request("/v1/chains").header("Origin", origin));
        assertThat(elsewhere.headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
        assertThat(fixture.send(fixture.request("/eventbus/info").header("Origin", "https://evil.example"))
                        .statusCode())
                .isEqualTo(403);
        assertThat(fixture.get("/eventbus/info").headers().firstValue("Access-Control-Allow-Credentials"))
                .isEmpty();
    }
}
