package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A webhook whose node and receiver are killed again and again")
class SubscriptionIT {
    private static final int KILLS = Integer.getInteger("qbc.subscription.kills", 5);
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

    @Test
    @DisplayName("loses nothing, keeps the order, and repeats events under the same id alone")
    void keeps(@TempDir Path home) throws Exception {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        Random random = new Random(seed);
        Plan plan = Plan.in(home).environment("QBC_LEAP_TRANSACTIONS", "20").environment("QBC_LEAP_AGE", "100ms");
        AtomicBoolean over = new AtomicBoolean();
        try (Receiver receiver = new Receiver(home.resolve("received.txt"));
                NodeProcess node = NodeProcess.start(plan)) {
            subscribe(node.client(), receiver.port);
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
            check(node.client(), receiver, seed);
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

    private static void subscribe(Client client, int port) {
        String retry = String.join(",", Collections.nCopies(50, "\"PT1S\""));
        String deliver = "{\"kind\":\"webhook\",\"url\":\"http://127.0.0.1:" + port
                + "/hook\",\"timeout\":\"PT10S\",\"retry\":[" + retry + "]}";
        String document = "{\"from\":\"oldest\",\"depth\":0,\"deliver\":" + deliver + "}";
        client.send(client.request("PUT", PATH, BodyPublishers.ofString(document), "Content-Type", "application/json"))
                .expect(201);
    }

    private void inject(Client client, AtomicBoolean over) {
        while (!over.get()) {
            try {
                client.inject("{\"n\":" + numbers.incrementAndGet() + "}");
            } catch (RuntimeException connectionLost) {
                // The node is down; whether the transaction is there shows later.
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        }
    }

    private static void check(Client client, Receiver receiver, long seed) {
        List<String> ids = Chains.ids(client);
        Await.until(
                "all arrived, seed " + seed,
                () -> receiver.lines().stream().anyMatch(line -> line.index() == ids.size() - 1));
        List<String> first = new ArrayList<>();
        long before = -1;
        for (Line line : receiver.lines()) {
            assertThat(line.message()).as("seed %d", seed).isEqualTo("orders:" + line.index());
            assertThat(line.index()).as("seed %d", seed).isLessThanOrEqualTo(before + 1);
            assertThat(line.transaction()).as("seed %d", seed).isEqualTo(ids.get((int) line.index()));
            before = line.index();
            if (line.index() == first.size()) {
                first.add(line.transaction());
            }
        }
        assertThat(first).as("seed %d", seed).isEqualTo(ids);
    }
}
