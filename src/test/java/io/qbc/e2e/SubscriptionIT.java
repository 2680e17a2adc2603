package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A subscription whose node and consumer are killed again and again")
class SubscriptionIT {
    private static final int KILLS = Integer.getInteger("qbc.subscription.kills", 5);
    private static final int KEYS = 4;
    private static final int SOCKET_KILLS_MAX = 20;
    /** Events of which a kill may have kept the acknowledgement, whose answer was lost. */
    private static final long ON_THEIR_WAY = 100;

    private static final int EVENTS_MIN = 40;
    private static final int EVENTS_MORE = 120;
    private static final long PAUSE_MILLIS_MAX = 300;
    private static final String PATH = "/v1/chains/main/subscriptions/orders";

    private final AtomicInteger numbers = new AtomicInteger();

    /** What the receiver has on disk. */
    private record Line(String message, long index, String transaction) {
        static Line of(String text) {
            String[] words = text.split(" ", -1);
            return new Line(words[0], Long.parseLong(words[1]), words[2]);
        }
    }

    /** The receiver's process. */
    private static final class Receiver implements AutoCloseable {
        private final int port = Ports.free();
        private final Path file;
        private Process process;

        Receiver(Path file) throws IOException {
            this.file = file;
            launch();
        }

        void launch() throws IOException {
            Path java = Path.of(System.getProperty("java.home"), "bin", "java");
            String classes = Path.of(WebhookReceiver.class
                            .getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .getPath())
                    .toString();
            process = new ProcessBuilder(
                            java.toString(),
                            "-Xmx64m",
                            "-cp",
                            classes,
                            WebhookReceiver.class.getName(),
                            Integer.toString(port),
                            file.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(file.resolveSibling("receiver.log").toFile())
                    .start();
        }

        void kill9() {
            process.destroyForcibly().onExit().join();
        }

        /** All lines; one that a kill cut off was never acknowledged. */
        List<Line> lines() {
            try {
                if (Files.notExists(file)) {
                    return List.of();
                }
                String text = Files.readString(file);
                return text.substring(0, text.lastIndexOf('\n') + 1)
                        .lines()
                        .map(Line::of)
                        .toList();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void close() {
            kill9();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"order\":\"key\",\"keyBy\":\"/k\","})
    @DisplayName("by webhook loses nothing, keeps the order of all or of each key, and repeats under the same id alone")
    void keeps(String order, @TempDir Path home) throws Exception {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "20").environment("QBC_LEAP_AGE", "100ms");
        AtomicBoolean over = new AtomicBoolean();
        try (Receiver receiver = new Receiver(home.resolve("received.txt"));
                NodeProcess node = NodeProcess.start(plan)) {
            subscribe(node.client(), order, receiver.port);
            Thread injecting = new Thread(() -> inject(node.client(), over));
            injecting.start();
            for (int i = 0; i < KILLS; i++) {
                int until = receiver.lines().size() + EVENTS_MIN + random.nextInt(EVENTS_MORE);
                Await.until(
                        "events arrive, seed " + seed, () -> receiver.lines().size() >= until);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(PAUSE_MILLIS_MAX)));
                kill(node, receiver, random.nextInt(3));
            }
            over.set(true);
            injecting.join();
            node.client().leap();
            check(node.client(), receiver, order.isEmpty() ? 1 : KEYS, seed);
        }
    }

    private static void kill(NodeProcess node, Receiver receiver, int which) throws Exception {
        if (which != 0) {
            receiver.kill9();
        }
        if (which != 1) {
            node.kill9();
            node.restart();
        }
        if (which != 0) {
            receiver.launch();
        }
    }

    private static void subscribe(Client client, String order, int port) {
        String retry = String.join(",", Collections.nCopies(50, "\"PT1S\""));
        String deliver = "{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:" + port
                + "/hook\",\"timeout\":\"PT10S\",\"retry\":[" + retry + "]}";
        put(client, "{" + order + "\"from\":\"oldest\",\"depth\":0,\"deliver\":" + deliver + "}");
    }

    private static void put(Client client, String document) {
        client.send(client.request("PUT", PATH, BodyPublishers.ofString(document), "Content-Type", "application/json"))
                .expect(201);
    }

    private void inject(Client client, AtomicBoolean over) {
        while (!over.get()) {
            try {
                int n = numbers.incrementAndGet();
                client.inject("{\"n\":" + n + ",\"k\":" + n % KEYS + "}");
            } catch (RuntimeException connectionLost) {
                // The node is down; whether the transaction is there shows later.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static void check(Client client, Receiver receiver, int keys, long seed) {
        List<String> ids = Chains.ids(client);
        List<Integer> keyOf = Chains.payloads(client).stream()
                .map(payload -> new JsonObject(payload).getInteger("k") % keys)
                .toList();
        Await.until(
                "all arrived, seed " + seed,
                () -> receiver.lines().stream().map(Line::index).distinct().count() == ids.size());
        Map<Integer, List<Long>> expected = new TreeMap<>();
        for (int i = 0; i < ids.size(); i++) {
            expected.computeIfAbsent(keyOf.get(i), none -> new ArrayList<>()).add((long) i);
        }
        Map<Integer, List<Long>> first = new TreeMap<>();
        Map<Integer, Integer> before = new TreeMap<>();
        for (Line line : receiver.lines()) {
            int key = keyOf.get((int) line.index());
            int place = expected.get(key).indexOf(line.index());
            assertThat(line.message()).as("seed %d", seed).isEqualTo("orders:" + line.index());
            assertThat(place).as("seed %d", seed).isLessThanOrEqualTo(before.getOrDefault(key, -1) + 1);
            assertThat(line.transaction()).as("seed %d", seed).isEqualTo(ids.get((int) line.index()));
            before.put(key, place);
            List<Long> had = first.computeIfAbsent(key, none -> new ArrayList<>());
            if (place == had.size()) {
                had.add(line.index());
            }
        }
        assertThat(first).as("seed %d", seed).isEqualTo(expected);
    }

    /** A consumer on a WebSocket, that acknowledges all that comes, or nothing. */
    private static final class Consumer implements AutoCloseable {
        private final List<Long> offsets = new CopyOnWriteArrayList<>();
        private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
        private final Vertx vertx = Vertx.vertx();

        Consumer(String url, boolean acknowledges) {
            URI at = URI.create(url);
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost(at.getHost())
                    .setPort(at.getPort())
                    .setURI(PATH + "/socket");
            Patience.get(vertx.createWebSocketClient().connect(options).map(socket -> {
                socket.textMessageHandler(text -> {
                    JsonObject message = new JsonObject(text);
                    long offset = message.getLong("offset", -1L);
                    if ("acked".equals(message.getString("type"))) {
                        acknowledged.add(offset);
                    } else if ("event".equals(message.getString("type"))) {
                        offsets.add(offset);
                        if (acknowledges) {
                            socket.writeTextMessage("{\"type\":\"ack\",\"offset\":" + offset + "}")
                                    .otherwiseEmpty();
                        }
                    }
                });
                return socket;
            }));
        }

        long last() {
            return acknowledged.isEmpty() ? 0 : acknowledged.get(acknowledged.size() - 1);
        }

        @Override
        public void close() {
            Patience.get(vertx.close());
        }
    }

    @Test
    @DisplayName("on a socket goes on behind what was acknowledged, with nothing left out")
    void socket(@TempDir Path home) throws Exception {
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "20").environment("QBC_LEAP_AGE", "100ms");
        AtomicBoolean over = new AtomicBoolean();
        try (NodeProcess node = NodeProcess.start(plan)) {
            put(node.client(), "{\"depth\":0,\"deliver\":{\"kind\":\"stream\"}}");
            Thread injecting = new Thread(() -> inject(node.client(), over));
            injecting.start();
            long acknowledged = 0;
            for (int i = 0; i < Math.min(KILLS, SOCKET_KILLS_MAX); i++) {
                try (Consumer consumer = new Consumer(node.url(), true)) {
                    long least = acknowledged + EVENTS_MIN;
                    Await.until("events are acknowledged", () -> consumer.last() >= least);
                    node.kill9();
                    // What was acknowledged does not come again, and what was not does.
                    assertThat(consumer.offsets.get(0)).isLessThanOrEqualTo(acknowledged + ON_THEIR_WAY);
                    assertThat(consumer.offsets.get(0)).isGreaterThan(acknowledged);
                    for (int at = 1; at < consumer.offsets.size(); at++) {
                        assertThat(consumer.offsets.get(at)).isEqualTo(consumer.offsets.get(at - 1) + 1);
                    }
                    acknowledged = consumer.last();
                }
                node.restart();
            }
            over.set(true);
            injecting.join();
            node.client().leap();
            List<String> ids = Chains.ids(node.client());
            long from = acknowledged;
            try (Consumer consumer = new Consumer(node.url(), true)) {
                Await.until("all are acknowledged", () -> consumer.last() == ids.size());
                assertThat(consumer.offsets.get(0)).isBetween(from + 1, from + ON_THEIR_WAY);
            }
        }
    }
}
