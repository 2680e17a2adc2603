package io.qbc.eventbus.bridge;

import static io.qbc.eventbus.bridge.BridgeCaller.code;
import static io.qbc.eventbus.bridge.BridgeCaller.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Samples;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.config.AccessMode;
import io.qbc.config.BridgeConfig;
import io.qbc.config.NodeConfig;
import io.qbc.http.HttpFixture;
import io.qbc.model.Transaction;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpBridgeTest {
    private static final int MESSAGE_BYTES = 64 * 1024;
    private static final int IN_FLIGHT = 8;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private HttpFixture fixture;
    private int port;

    @AfterEach
    void end() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        fixture.close();
    }

    private void begin(Duration idle, AccessMode mode, String... permitted) {
        BridgeConfig.Tcp tcp = new BridgeConfig.Tcp(true, "127.0.0.1", 0, false, 4);
        BridgeConfig bridges = new BridgeConfig(
                List.of(permitted), MESSAGE_BYTES, MESSAGE_BYTES, IN_FLIGHT, 2, idle, tcp, BridgeConfig.OFF.sockjs());
        NodeConfig.Access access = new NodeConfig.Access(mode, false, 0, 1, 0, 1);
        fixture = new HttpFixture(base -> Samples.with(base, access, bridges));
        TcpBridgeVerticle verticle = new TcpBridgeVerticle(fixture.api);
        HttpFixture.wait(fixture.vertx.deployVerticle(verticle));
        port = verticle.port();
    }

    private BridgeCaller call() throws IOException {
        BridgeCaller caller = BridgeCaller.call(port);
        opened.add(caller);
        return caller;
    }

    @Test
    void injectsAndHearsOfItsQuant() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        BridgeCaller caller = call();
        JsonObject main = new JsonObject().put("chain", "main");
        JsonObject events = caller.ask("qbc.v1.events.subscribe", main).getJsonObject("body");
        caller.send(message("register", events.getString("address")));
        JsonObject injected =
                caller.ask("qbc.v1.transactions.inject", main.copy().put("data", new JsonObject().put("n", 1)));
        assertThat(injected.getString("type")).isEqualTo("message");
        assertThat(injected.getJsonObject("body").getString("state")).isEqualTo("pending");
        caller.send(message("send", "qbc.v1.leaps.leap").put("body", main));
        JsonObject event = caller.read();
        assertThat(event.getString("address")).isEqualTo(events.getString("address"));
        assertThat(event.getJsonObject("body").getString("type")).isEqualTo("quant");
        caller.send(new JsonObject().put("type", "ping"));
        assertThat(caller.read().getString("type")).isEqualTo("pong");
    }

    @Test
    void nothingButThePublicAddressesIsReached() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        JsonObject main = new JsonObject().put("chain", "main");
        BridgeCaller one = call();
        BridgeCaller other = call();
        String foreign =
                one.ask("qbc.v1.events.subscribe", main).getJsonObject("body").getString("address");
        for (String address : List.of(
                "mining.inject",
                "persistence.append",
                "qbc.v1.events",
                "qbc.v1",
                "",
                "__vertx.reply.1",
                "qbc.v1.x.y",
                "qbc.v1.main.transactions.inject",
                foreign)) {
            assertThat(code(other.ask(address, main))).as(address).isEqualTo("route_unknown");
        }
        for (String address : List.of(foreign, "persistence.append", "qbc.v1.transactions.inject", "__vertx.reply.1")) {
            other.send(message("register", address));
            assertThat(code(other.read())).as(address).isEqualTo("route_unknown");
        }
        other.send(message("publish", "qbc.v1.transactions.inject").put("body", main));
        assertThat(code(other.read())).isEqualTo("operation_not_permitted");
        other.send(message("shout", "qbc.v1.chains.list"));
        assertThat(code(other.read())).isEqualTo("request_invalid");
        other.send(message("register", "qbc.v1.events"));
        assertThat(other.ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                .isEqualTo("message");
    }

    @Test
    void aCallerShowsItsKey() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.REQUIRED);
        BridgeCaller caller = call();
        JsonObject main = new JsonObject().put("chain", "main");
        assertThat(code(caller.ask("qbc.v1.chains.find", main))).isEqualTo("credential_required");
        JsonObject wrong = new JsonObject().put("authorization", "Bearer qbc_none_none");
        assertThat(code(caller.ask("qbc.v1.chains.find", main, wrong))).isEqualTo("credential_required");
        JsonObject shown = new JsonObject().put("authorization", "Bearer " + fixture.key("reader@main"));
        assertThat(caller.ask("qbc.v1.chains.find", main, shown).getString("type"))
                .isEqualTo("message");
        assertThat(code(caller.ask("qbc.v1.transactions.inject", main.copy().put("data", 1), shown)))
                .isEqualTo("role_missing");
        caller.send(message("register", "qbc.v1.events"));
        assertThat(code(caller.read())).isEqualTo("route_unknown");
    }

    @Test
    void hostileFramesEndTheirConnectionAlone() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        for (byte[] bytes : List.of(
                new byte[] {0x7f, -1, -1, -1},
                new byte[] {-1, -1, -1, -1},
                new byte[] {0, 0, 0, 0},
                "POST / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII))) {
            BridgeCaller hostile = call();
            hostile.socket().getOutputStream().write(bytes);
            assertThat(hostile.isCut()).isTrue();
        }
        BridgeCaller caller = call();
        for (String garbage : List.of("x", "[]", "null", "{\"type\":7}", "{\"type\":\"send\",\"address\":{}}")) {
            caller.sendText(garbage);
            assertThat(code(caller.read())).isIn("json_invalid", "request_invalid");
        }
        assertThat(caller.ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                .isEqualTo("message");
    }

    @Test
    void halfAFrameDoesNotHoldAConnection() throws IOException {
        begin(Duration.ofMillis(300), AccessMode.LOOPBACK);
        BridgeCaller slow = call();
        slow.socket().getOutputStream().write(new byte[] {0, 0, 1, 0, '{'});
        assertThat(slow.isCut()).isTrue();
        await().until(() -> fixture.sharedLimits.bodyBytes().held() == 0);
        assertThat(fixture.api.meters().bridge("tcp").cuts("idle")).isPositive();
    }

    @Test
    void whoReadsNothingIsCutOff() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        BridgeCaller deaf = call();
        try {
            for (int i = 0; i < 200_000; i++) {
                deaf.send(message("send", "qbc.v1.node.sbom")
                        .put("replyAddress", "r")
                        .put("body", new JsonObject()));
            }
        } catch (IOException e) {
            assertThat(e).isNotNull();
        }
        await().untilAsserted(() ->
                assertThat(fixture.api.meters().bridge("tcp").cuts("slow")).isPositive());
        await().until(() -> fixture.sharedLimits.streamBytes().held() == 0);
    }

    @Test
    void soManyConnectionsAndNoMore() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        for (int i = 0; i < 4; i++) {
            assertThat(call().ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                    .isEqualTo("message");
        }
        assertThat(call().isCut()).isTrue();
    }

    @Test
    void whatIsNotPermittedIsNotThere() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK, "transactions.find", "chains.*");
        BridgeCaller caller = call();
        JsonObject main = new JsonObject().put("chain", "main");
        assertThat(caller.ask("qbc.v1.chains.find", main).getString("type")).isEqualTo("message");
        assertThat(code(caller.ask("qbc.v1.transactions.find", main.copy().put("id", "0".repeat(64)))))
                .isEqualTo("transaction_unknown");
        for (String other : List.of("qbc.v1.transactions.inject", "qbc.v1.events.subscribe", "qbc.v1.access.self")) {
            assertThat(code(caller.ask(other, main.copy().put("data", 1))))
                    .as(other)
                    .isEqualTo("route_unknown");
        }
        caller.send(message("register", "qbc.v1.events"));
        assertThat(code(caller.read())).isEqualTo("route_unknown");
    }

    @Test
    void aFrameMayComeInWhateverPieces() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        BridgeCaller caller = call();
        byte[] text = message("send", "qbc.v1.transactions.inject")
                .put("replyAddress", "\u00e4\ud83d\ude00")
                .put("body", new JsonObject().put("chain", "main").put("data", "\u00e4\ud83d\ude00"))
                .encode()
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer three = ByteBuffer.allocate(3 * (Integer.BYTES + text.length));
        for (int i = 0; i < 3; i++) {
            three.putInt(text.length).put(text);
        }
        byte[] bytes = three.array();
        for (int i = 0; i < text.length + 10; i++) {
            caller.sendBytes(new byte[] {bytes[i]});
        }
        caller.sendBytes(Arrays.copyOfRange(bytes, text.length + 10, bytes.length));
        for (int i = 0; i < 3; i++) {
            JsonObject answer = caller.read();
            assertThat(answer.getString("address")).isEqualTo("\u00e4\ud83d\ude00");
            assertThat(answer.getJsonObject("body").getString("state")).isEqualTo("pending");
        }
    }

    /** Nesting costs a reader its stack. */
    @Test
    void deepJsonIsRefusedAndNothingElseEnds() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        BridgeCaller caller = call();
        for (int depth : new int[] {400, 999, 1001, 15_000}) {
            caller.sendText("{\"type\":\"send\",\"address\":\"qbc.v1.transactions.inject\",\"replyAddress\":\"r1\","
                    + "\"body\":{\"chain\":\"main\",\"data\":" + "[".repeat(depth) + "]".repeat(depth) + "}}");
            JsonObject answer = caller.read();
            if (answer.getString("type").equals("err")) {
                assertThat(answer.getInteger("failureCode"))
                        .as("depth %d", depth)
                        .isIn(400, 413, 422);
            } else {
                assertThat(depth).isLessThan(1001);
            }
        }
        for (String body :
                List.of("7", "null", "[]", "\"x\"", "{\"chain\":{}}", "{\"chain\":\"main\",\"wait\":1e999}")) {
            caller.sendText("{\"type\":\"send\",\"address\":\"qbc.v1.transactions.inject\",\"replyAddress\":\"r1\","
                    + "\"body\":" + body + "}");
            JsonObject answer = caller.read();
            assertThat(answer.getString("type")).as(body).isEqualTo("err");
            assertThat(answer.getInteger("failureCode")).as(body).isEqualTo(400);
        }
        assertThat(caller.ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                .isEqualTo("message");
    }

    private static JsonObject waiting(int number) {
        return message("send", "qbc.v1.transactions.inject")
                .put("replyAddress", "r" + number)
                .put(
                        "body",
                        new JsonObject()
                                .put("chain", "main")
                                .put("data", number)
                                .put("wait", 30));
    }

    @Test
    void whoHasAllItsRequestsInWorkIsNotIdle() throws IOException {
        begin(Duration.ofMillis(300), AccessMode.LOOPBACK);
        BridgeCaller caller = call();
        for (int i = 0; i < IN_FLIGHT; i++) {
            caller.send(waiting(i));
        }
        await().pollDelay(Duration.ofSeconds(1)).until(() -> injected(fixture).size() == IN_FLIGHT);
        assertThat(fixture.api.meters().bridge("tcp").cuts("idle")).isZero();
        fixture.node.leap(injected(fixture));
        for (int i = 0; i < IN_FLIGHT; i++) {
            assertThat(caller.read().getJsonObject("body").getString("state")).isEqualTo("committed");
        }
    }

    /** All that came to the node, whether together or one after the other. */
    static List<Transaction> injected(HttpFixture fixture) {
        return List.copyOf(fixture.node.injects).stream()
                .flatMap(inject -> inject.submissions().stream())
                .map(Submission::transaction)
                .toList();
    }
}
