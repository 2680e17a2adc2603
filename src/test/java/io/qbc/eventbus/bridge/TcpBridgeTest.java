package io.qbc.eventbus.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.qbc.Patience;
import io.qbc.Samples;
import io.qbc.config.AccessMode;
import io.qbc.config.BridgeConfig;
import io.qbc.config.NodeConfig;
import io.qbc.http.HttpFixture;
import io.vertx.core.json.JsonObject;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TcpBridgeTest {
    private static final int MESSAGE_BYTES = 64 * 1024;

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

    private void begin(Duration idle, AccessMode mode) {
        BridgeConfig.Tcp tcp = new BridgeConfig.Tcp(true, "127.0.0.1", 0, false, 4);
        BridgeConfig bridges =
                new BridgeConfig(MESSAGE_BYTES, MESSAGE_BYTES, 8, 2, idle, tcp, BridgeConfig.OFF.sockjs());
        NodeConfig.Access access = new NodeConfig.Access(mode, false, 0, 1, 0, 1);
        fixture = new HttpFixture(base -> Samples.with(base, access, bridges));
        TcpBridgeVerticle verticle = new TcpBridgeVerticle(fixture.api);
        HttpFixture.wait(fixture.vertx.deployVerticle(verticle));
        port = verticle.port();
    }

    private Caller call() throws IOException {
        Caller caller = new Caller(new Socket(InetAddress.getLoopbackAddress(), port));
        opened.add(caller.socket());
        return caller;
    }

    private record Caller(Socket socket) {
        Caller {
            try {
                socket.setSoTimeout((int) Patience.ANSWER.toMillis());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        }

        void send(JsonObject message) throws IOException {
            byte[] text = message.encode().getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeInt(text.length);
            out.write(text);
            out.flush();
        }

        JsonObject read() throws IOException {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] text = new byte[in.readInt()];
            in.readFully(text);
            return new JsonObject(new String(text, StandardCharsets.UTF_8));
        }

        JsonObject ask(String address, JsonObject body) throws IOException {
            return ask(address, body, new JsonObject());
        }

        JsonObject ask(String address, JsonObject body, JsonObject headers) throws IOException {
            send(message("send", address)
                    .put("replyAddress", "r1")
                    .put("headers", headers)
                    .put("body", body));
            JsonObject answer = read();
            assertThat(answer.getString("address")).isEqualTo("r1");
            return answer;
        }

        boolean isCut() {
            try {
                return socket.getInputStream().read() < 0;
            } catch (IOException e) {
                return e.getMessage().contains("reset");
            }
        }
    }

    private static JsonObject message(String type, String address) {
        return new JsonObject().put("type", type).put("address", address);
    }

    private static String code(JsonObject error) {
        assertThat(error.getString("type")).as(error.encode()).isEqualTo("err");
        JsonObject problem = new JsonObject(error.getString("message"));
        assertThat(problem.getInteger("status")).isEqualTo(error.getInteger("failureCode"));
        return problem.getString("code");
    }

    @Test
    void injectsAndHearsOfItsQuant() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        Caller caller = call();
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
        Caller one = call();
        Caller other = call();
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
        Caller caller = call();
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
            Caller hostile = call();
            hostile.socket().getOutputStream().write(bytes);
            assertThat(hostile.isCut()).isTrue();
        }
        Caller caller = call();
        for (String garbage : List.of("x", "[]", "null", "{\"type\":7}", "{\"type\":\"send\",\"address\":{}}")) {
            byte[] text = garbage.getBytes(StandardCharsets.UTF_8);
            DataOutputStream out = new DataOutputStream(caller.socket().getOutputStream());
            out.writeInt(text.length);
            out.write(text);
            assertThat(code(caller.read())).isIn("json_invalid", "request_invalid");
        }
        assertThat(caller.ask("qbc.v1.chains.list", new JsonObject()).getString("type"))
                .isEqualTo("message");
    }

    @Test
    void halfAFrameDoesNotHoldAConnection() throws IOException {
        begin(Duration.ofMillis(300), AccessMode.LOOPBACK);
        Caller slow = call();
        slow.socket().getOutputStream().write(new byte[] {0, 0, 1, 0, '{'});
        assertThat(slow.isCut()).isTrue();
        await().until(() -> fixture.sharedLimits.bodyBytes().held() == 0);
        assertThat(fixture.api.meters().bridge("tcp").cuts("idle")).isPositive();
    }

    @Test
    void whoReadsNothingIsCutOff() throws IOException {
        begin(Duration.ofSeconds(60), AccessMode.LOOPBACK);
        Caller deaf = call();
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
}
