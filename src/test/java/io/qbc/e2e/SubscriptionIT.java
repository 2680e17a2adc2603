package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A subscription whose node and consumer are killed again and again")
class SubscriptionIT {
    private static final int KILLS = Integer.getInteger("qbc.subscription.kills", 5);
    private static final int KEYS = 4;
    private static final int STREAM_KILLS_MAX = 20;
    private static final int TOLD_EVERY = 10;
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
        private long counted;
        private int count;

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

        /** How many lines there are, which costs no more the more there are. */
        int count() throws IOException {
            if (Files.exists(file)) {
                try (FileChannel channel = FileChannel.open(file)) {
                    ByteBuffer more = ByteBuffer.allocate((int) (channel.size() - counted));
                    counted += Math.max(0, channel.read(more, counted));
                    count += (int) IntStream.range(0, more.position())
                            .filter(i -> more.get(i) == '\n')
                            .count();
                }
            }
            return count;
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
            Told told = new Told("order " + (order.isEmpty() ? "chain" : "key"), seed, KILLS);
            for (int i = 0; i < KILLS; i++) {
                int until = receiver.count() + EVENTS_MIN + random.nextInt(EVENTS_MORE);
                long begin = System.nanoTime();
                Await.until("events arrive, seed " + seed, () -> receiver.count() >= until);
                told.waited(begin);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(random.nextLong(PAUSE_MILLIS_MAX)));
                kill(node, receiver, random.nextInt(3), told);
            }
            over.set(true);
            injecting.join();
            node.client().leap();
            check(node.client(), receiver, order.isEmpty() ? 1 : KEYS, seed);
        }
    }

    /** Says how far it is, and where the time goes. */
    private static final class Told {
        private final String what;
        private final int of;
        private final long begin = System.nanoTime();
        private int kills;
        private int nodeKills;
        private long waitNanos;
        private long startNanos;

        Told(String what, long seed, int of) {
            this.what = what;
            this.of = of;
            System.out.println("SubscriptionIT " + what + ": " + of + " kills, seed " + seed);
        }

        void waited(long since) {
            waitNanos += System.nanoTime() - since;
        }

        void started(long since, boolean node) {
            kills++;
            nodeKills += node ? 1 : 0;
            startNanos += System.nanoTime() - since;
            if (kills % TOLD_EVERY == 0 || kills == of) {
                System.out.printf(
                        "SubscriptionIT %s: %d kills, %d of the node, in %d s: %d s for events, %d s for starts%n",
                        what,
                        kills,
                        nodeKills,
                        seconds(System.nanoTime() - begin),
                        seconds(waitNanos),
                        seconds(startNanos));
            }
        }

        private static long seconds(long nanos) {
            return TimeUnit.NANOSECONDS.toSeconds(nanos);
        }
    }

    private static void kill(NodeProcess node, Receiver receiver, int which, Told told) throws Exception {
        long begin = System.nanoTime();
        if (which != 0) {
            receiver.kill9();
        }
        if (which != 1) {
            node.kill9();
            node.relaunch();
        }
        if (which != 0) {
            receiver.launch();
        }
        if (which != 1) {
            node.awaitReady();
        }
        told.started(begin, which != 1);
    }

    private static void subscribe(Client client, String order, int port) {
        String retry = String.join(",", Collections.nCopies(20, "\"100ms\"")) + ",\"1s\"".repeat(30);
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
        int[] places = new int[ids.size()];
        for (int i = 0; i < ids.size(); i++) {
            List<Long> all = expected.computeIfAbsent(keyOf.get(i), none -> new ArrayList<>());
            places[i] = all.size();
            all.add((long) i);
        }
        Map<Integer, List<Long>> first = new TreeMap<>();
        Map<Integer, Integer> before = new TreeMap<>();
        for (Line line : receiver.lines()) {
            int key = keyOf.get((int) line.index());
            int place = places[(int) line.index()];
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

    /** A consumer that acknowledges all that comes, by whatever it is given it. */
    private abstract static class Consumer implements AutoCloseable {
        final List<Long> offsets = new CopyOnWriteArrayList<>();
        final List<Long> acknowledged = new CopyOnWriteArrayList<>();
        final Vertx vertx = Vertx.vertx();
        /** Why the node ended it by itself. */
        volatile Optional<String> refused = Optional.empty();

        /** Waits until so much is acknowledged; fails at once where the node refused to go on. */
        void has(long offset, long seed) {
            Await.until("events are acknowledged, seed " + seed, () -> refused.isPresent() || last() >= offset);
            assertThat(refused).as("seed %d", seed).isEmpty();
        }

        long last() {
            return acknowledged.isEmpty() ? 0 : acknowledged.get(acknowledged.size() - 1);
        }

        @Override
        public void close() {
            Patience.get(vertx.close());
        }
    }

    /** A consumer on a WebSocket. */
    private static final class SocketConsumer extends Consumer {
        /** It closes its sockets when it is collected. */
        private final WebSocketClient client = vertx.createWebSocketClient();

        SocketConsumer(URI node) {
            WebSocketConnectOptions options = new WebSocketConnectOptions()
                    .setHost(node.getHost())
                    .setPort(node.getPort())
                    .setURI(PATH + "/socket");
            Patience.get(client.connect(options).map(socket -> {
                socket.textMessageHandler(text -> {
                    JsonObject message = new JsonObject(text);
                    long offset = message.getLong("offset", -1L);
                    if ("acked".equals(message.getString("type"))) {
                        acknowledged.add(offset);
                    } else if ("error".equals(message.getString("type"))) {
                        refused = Optional.of(text);
                    } else if ("event".equals(message.getString("type"))) {
                        offsets.add(offset);
                        socket.writeTextMessage("{\"type\":\"ack\",\"offset\":" + offset + "}")
                                .otherwiseEmpty();
                    }
                });
                return socket;
            }));
        }
    }

    /** A consumer of server-sent events, with one acknowledgement under way at a time. */
    private static final class EventsConsumer extends Consumer {
        private static final String DATA = "data: ";
        private final URI node;
        private final HttpClient client = vertx.createHttpClient();
        private String name = "";
        private long taken;
        private boolean acknowledging;

        EventsConsumer(URI node) {
            this.node = node;
            Patience.get(client.request(HttpMethod.GET, node.getPort(), node.getHost(), PATH + "/events")
                    .compose(request ->
                            request.putHeader("Accept", "text/event-stream").send())
                    .map(response -> {
                        assertThat(response.statusCode()).isEqualTo(200);
                        response.handler(RecordParser.newDelimited("\n\n", this::block))
                                .exceptionHandler(cut -> {});
                        return response;
                    }));
        }

        private void block(Buffer block) {
            String type = "";
            JsonObject data = new JsonObject();
            for (String line : block.toString().split("\n", -1)) {
                type = line.startsWith("event: ") ? line.substring("event: ".length()) : type;
                data = line.startsWith(DATA) ? new JsonObject(line.substring(DATA.length())) : data;
            }
            if (type.equals("consumer")) {
                name = data.getString("consumer");
            } else if (type.equals("end")) {
                refused = Optional.of(data.encode());
            } else if (type.equals("committed")) {
                taken = data.getJsonObject("event").getLong("next");
                offsets.add(taken);
                acknowledge();
            }
        }

        private void acknowledge() {
            if (acknowledging || taken == last()) {
                return;
            }
            acknowledging = true;
            long offset = taken;
            JsonObject body = new JsonObject().put("consumer", name).put("offset", offset);
            client.request(HttpMethod.POST, node.getPort(), node.getHost(), PATH + "/ack")
                    .compose(request -> request.putHeader("Content-Type", "application/json")
                            .send(body.toBuffer()))
                    .onSuccess(answer -> {
                        acknowledging = false;
                        if (answer.statusCode() == 200) {
                            acknowledged.add(offset);
                            acknowledge();
                        } else {
                            refused = Optional.of("an acknowledgement is answered " + answer.statusCode());
                        }
                    });
        }
    }

    /** By what a consumer is given the events of a stream. */
    private enum Way {
        SOCKET,
        EVENTS;

        Consumer at(NodeProcess node) {
            URI url = URI.create(node.url());
            return this == SOCKET ? new SocketConsumer(url) : new EventsConsumer(url);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("as a stream goes on behind what was acknowledged, with nothing left out")
    void stream(Way way, @TempDir Path home) throws Exception {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "20").environment("QBC_LEAP_AGE", "100ms");
        AtomicBoolean over = new AtomicBoolean();
        try (NodeProcess node = NodeProcess.start(plan)) {
            put(node.client(), "{\"depth\":0,\"deliver\":{\"kind\":\"stream\"}}");
            Thread injecting = new Thread(() -> inject(node.client(), over));
            injecting.start();
            long acknowledged = 0;
            int kills = Math.min(KILLS, STREAM_KILLS_MAX);
            Told told = new Told(way.name(), seed, kills);
            for (int i = 0; i < kills; i++) {
                try (Consumer consumer = way.at(node)) {
                    long least = acknowledged + EVENTS_MIN + random.nextInt(EVENTS_MORE);
                    long begin = System.nanoTime();
                    consumer.has(least, seed);
                    told.waited(begin);
                    node.kill9();
                    goesOn(consumer, acknowledged, seed);
                    acknowledged = consumer.last();
                }
                long begin = System.nanoTime();
                node.restart();
                told.started(begin, true);
            }
            over.set(true);
            injecting.join();
            node.client().leap();
            List<String> ids = Chains.ids(node.client());
            try (Consumer consumer = way.at(node)) {
                consumer.has(ids.size(), seed);
                goesOn(consumer, acknowledged, seed);
            }
        }
    }

    /** What was acknowledged does not come again, and what was not does, one after the other. */
    private static void goesOn(Consumer consumer, long acknowledged, long seed) {
        List<Long> offsets = List.copyOf(consumer.offsets);
        assertThat(offsets.get(0)).as("seed %d", seed).isBetween(acknowledged + 1, acknowledged + ON_THEIR_WAY);
        for (int at = 1; at < offsets.size(); at++) {
            assertThat(offsets.get(at)).as("seed %d", seed).isEqualTo(offsets.get(at - 1) + 1);
        }
    }
}
