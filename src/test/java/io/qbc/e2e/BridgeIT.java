package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.RecomputeScript;
import io.qbc.eventbus.bridge.BridgeCaller;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** The TCP bridge of the real jar: under load and killed, with hostile callers, and as it refuses to start. */
class BridgeIT {
    private static final int KILLS = 3;
    private static final int LANES = 6;
    private static final int CONNECTIONS = 20;
    private static final String INJECT = "qbc.v1.transactions.inject";
    private static final JsonObject MAIN = new JsonObject().put("chain", "main");

    @TempDir
    Path home;

    private int port;
    private Plan plan;

    @BeforeEach
    void begin() {
        port = Ports.free();
        plan = Plan.in(home)
                .environment("QBC_LEAP_AGE", "200ms")
                .environment("QBC_BRIDGES_TCP_ENABLED", "true")
                .environment("QBC_BRIDGES_TCP_PORT", String.valueOf(port))
                .environment("QBC_BRIDGES_TCP_CONNECTIONS", String.valueOf(CONNECTIONS))
                .environment("QBC_BRIDGES_MESSAGE_BYTES", "65536");
    }

    private static long metric(NodeProcess node, String line) {
        String page = node.client().get("/metrics").expect(200).text();
        Matcher found = Pattern.compile("^" + Pattern.quote(line) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(page);
        assertThat(found.find()).as(line).isTrue();
        return (long) Double.parseDouble(found.group(1));
    }

    private static long cuts(NodeProcess node, String why) {
        return metric(node, "qbc_bridge_cuts_total{bridge=\"tcp\",reason=\"" + why + "\"}");
    }

    @Test
    void whatWasAcknowledgedOverTheBridgeIsThereOnceAfterEachKill() throws Exception {
        Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
        AtomicInteger numbers = new AtomicInteger();
        AtomicBoolean over = new AtomicBoolean();
        ExecutorService lanes = Executors.newFixedThreadPool(LANES);
        try (NodeProcess node = NodeProcess.start(plan)) {
            for (int i = 0; i < LANES; i++) {
                lanes.execute(() -> load(numbers, acknowledged, over));
            }
            for (int kill = 1; kill <= KILLS; kill++) {
                int enough = acknowledged.size() + 300;
                Await.until("enough is acknowledged", () -> acknowledged.size() >= enough);
                node.kill9();
                node.restart();
            }
            int enough = acknowledged.size() + 300;
            Await.until("enough is acknowledged", () -> acknowledged.size() >= enough);
            over.set(true);
            lanes.shutdown();
            assertThat(lanes.awaitTermination(Patience.PROCESS.toMillis(), TimeUnit.MILLISECONDS))
                    .isTrue();
            Await.until(
                    "all is in a quant",
                    () -> node.client().chain().at("/pool/transactions").asInt() == 0);
            assertThat(Chains.ids(node.client()))
                    .doesNotHaveDuplicates()
                    .containsExactlyInAnyOrderElementsOf(acknowledged.values());
            assertThat(node.terminate()).isZero();
            Chains.verifySound(plan);
        } finally {
            lanes.shutdownNow();
        }
    }

    /** Each number is sent under its key until it is acknowledged, over as many connections as that takes. */
    private void load(AtomicInteger numbers, Map<Integer, String> acknowledged, AtomicBoolean over) {
        int number = numbers.incrementAndGet();
        while (!over.get() || !acknowledged.containsKey(number)) {
            try (BridgeCaller caller = BridgeCaller.call(port)) {
                while (!over.get() || !acknowledged.containsKey(number)) {
                    JsonObject body = MAIN.copy().put("data", number).put("key", "load-" + number);
                    JsonObject answer = caller.ask(INJECT, body);
                    if (answer.getString("type").equals("message")) {
                        acknowledged.put(number, answer.getJsonObject("body").getString("id"));
                        if (over.get()) {
                            return;
                        }
                        number = numbers.incrementAndGet();
                    }
                }
            } catch (IOException lost) {
                // The node is away: the same once more.
            }
        }
    }

    @Test
    void hostileCallersEndTheirOwnConnectionsAndCostLittle() throws Exception {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        try (NodeProcess node = NodeProcess.start(plan);
                BridgeCaller good = BridgeCaller.call(port)) {
            List<byte[]> hostile = new ArrayList<>(List.of(
                    ByteBuffer.allocate(4).putInt(65_537).array(),
                    ByteBuffer.allocate(4).putInt(Integer.MAX_VALUE).array(),
                    ByteBuffer.allocate(4).putInt(-1).array(),
                    new byte[4],
                    "GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
            for (byte[] bytes : hostile) {
                try (BridgeCaller caller = BridgeCaller.call(port)) {
                    caller.sendBytes(bytes);
                    assertThat(caller.isCut()).as("seed %d", seed).isTrue();
                }
            }
            assertThat(cuts(node, "frame")).isEqualTo(hostile.size());
            for (String text : List.of(
                    "not json",
                    "[1]",
                    "\"text\"",
                    "[".repeat(60_000),
                    "{\"a\":".repeat(10_000),
                    "{\"type\":\"send\",\"address\":\"" + INJECT + "\",\"body\":"
                            + "[".repeat(30_000)
                            + "]".repeat(30_000)
                            + "}",
                    "{\"type\":\"register\",\"address\":\"mining.inject\"}")) {
                good.sendText(text);
                assertThat(BridgeCaller.code(good.read())).isIn("json_invalid", "request_invalid", "route_unknown");
            }
            for (int i = 0; i < 200; i++) {
                byte[] noise = new byte[1 + random.nextInt(200)];
                random.nextBytes(noise);
                try (BridgeCaller caller = BridgeCaller.call(port)) {
                    caller.sendBytes(noise);
                }
            }
            assertThat(good.ask("qbc.v1.chains.find", MAIN).getString("type"))
                    .as("seed %d", seed)
                    .isEqualTo("message");
            Await.until("only one is left", () -> metric(node, "qbc_bridge_connections{bridge=\"tcp\"}") == 1);
        }
    }

    /** Each asks for far more than it reads; the node has 128 MB. */
    @Test
    void whoDoesNotReadIsCutOffAndOthersAreServed() throws Exception {
        try (NodeProcess node = NodeProcess.start(plan);
                BridgeCaller good = BridgeCaller.call(port)) {
            ExecutorService threads = Executors.newFixedThreadPool(LANES);
            for (int i = 0; i < LANES; i++) {
                threads.execute(this::askWithoutReading);
            }
            threads.shutdown();
            while (!threads.isTerminated()) {
                assertThat(good.ask("qbc.v1.chains.find", MAIN).getString("type"))
                        .isEqualTo("message");
            }
            // The budget of all readers may be reached before the limit of one.
            assertThat(cuts(node, "slow")).isPositive();
            assertThat(cuts(node, "slow") + cuts(node, "busy")).isEqualTo(LANES);
            Await.until("only one is left", () -> metric(node, "qbc_bridge_connections{bridge=\"tcp\"}") == 1);
            assertThat(metric(node, "qbc_http_stalled_readers_total")).isEqualTo(cuts(node, "slow"));
        }
    }

    private void askWithoutReading() {
        try (BridgeCaller deaf = BridgeCaller.call(port)) {
            for (int i = 0; i < 2_000_000; i++) {
                deaf.send(BridgeCaller.message("send", "qbc.v1.node.sbom")
                        .put("replyAddress", "r")
                        .put("body", new JsonObject()));
            }
        } catch (IOException cut) {
            assertThat(cut).isNotNull();
        }
    }

    @Test
    void soManyConnectionsAndNoMore() throws Exception {
        try (NodeProcess node = NodeProcess.start(plan)) {
            List<BridgeCaller> all = new ArrayList<>();
            try {
                for (int i = 0; i < CONNECTIONS; i++) {
                    BridgeCaller caller = BridgeCaller.call(port);
                    all.add(caller);
                    assertThat(caller.ask("qbc.v1.chains.find", MAIN).getString("type"))
                            .isEqualTo("message");
                }
                for (int i = 1; i <= 3; i++) {
                    try (BridgeCaller more = BridgeCaller.call(port)) {
                        assertThat(more.isCut()).isTrue();
                    }
                    assertThat(cuts(node, "connections")).isEqualTo(i);
                }
            } finally {
                for (BridgeCaller each : all) {
                    each.close();
                }
            }
            Await.until("there is room again", () -> metric(node, "qbc_bridge_connections{bridge=\"tcp\"}") == 0);
            try (BridgeCaller again = BridgeCaller.call(port)) {
                assertThat(again.ask("qbc.v1.chains.find", MAIN).getString("type"))
                        .isEqualTo("message");
            }
        }
    }

    @Test
    @EnabledIf(value = "canRunPython", disabledReason = "there is no python3 on this machine")
    void theProgramOfTheDocumentsInjectsAndFinds() throws Exception {
        Path script = Files.writeString(
                home.resolve("bridge.py"),
                BridgePage.example("    import json, socket").replace("7000", String.valueOf(port)));
        try (NodeProcess node = NodeProcess.start(plan)) {
            Process python = new ProcessBuilder("python3", script.toString())
                    .redirectErrorStream(true)
                    .start();
            String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(Patience.ended(python)).isTrue();
            assertThat(said).matches("[0-9a-f]{64} pending\\R\\{'n': 1\\}\\R");
            assertThat(python.exitValue()).isZero();
            assertThat(node.isAlive()).isTrue();
        }
    }

    static boolean canRunPython() {
        return RecomputeScript.canRun();
    }

    private void refused(String key, String value, String... words) {
        refused(plan.environment("QBC_BRIDGES_" + key, value), 2, words);
    }

    private static void refused(Plan wrong, int code, String... words) {
        Jar.Finished finished =
                Jar.run(wrong, "run", "--port", "0", "--data", wrong.data().toString());
        assertThat(finished.code()).as(finished.output()).isEqualTo(code);
        assertThat(finished.output()).contains(words).doesNotContain("Exception");
    }

    @Test
    void aNodeWithBridgesThatCannotBeAsConfiguredDoesNotStart() throws IOException {
        refused("PERMITTED", "persistence.append", "bridges.permitted", "'persistence.append'");
        refused("PERMITTED", "chains.*,mining.*", "bridges.permitted", "'mining.*'");
        refused("PERMITTED", "*", "bridges.permitted", "'*'");
        refused("TCP_HOST", "0.0.0.0", "bridges.tcp.host", "access.mode", "0.0.0.0");
        refused("TCP_TLS", "true", "bridges.tcp.tls", "http.tls.certificate");
        refused("TCP_PORT", "70000", "bridges.tcp.port", "70000");
        refused("SOCKJS_PATH", "/v1/bus", "bridges.sockjs.path", "/v1/bus");
        refused("MESSAGE_BYTES", "7", "bridges.messageBytes", "7");
        try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            refused(plan, 1, "port " + taken.getLocalPort() + " on 127.0.0.1 is in use", "bridges.tcp.port");
        }
    }
}
