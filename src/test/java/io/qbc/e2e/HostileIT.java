package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Chance;
import io.qbc.Samples;
import io.qbc.e2e.hostile.Attacks;
import io.qbc.e2e.hostile.HeldSockets;
import io.qbc.e2e.hostile.PeerAttacks;
import io.qbc.e2e.hostile.RawCaller;
import io.qbc.e2e.hostile.TricklingPeer;
import io.qbc.http.MetricsText;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.Ed25519;
import io.qbc.spec.ChainSpecReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * All attacks at once on a node with little memory: offers without work, long lists, bodies that creep, readers that do
 * not read, costly rules, numbers as long as they may be, many connections, forged log lines, and a peer that trickles.
 * {@code -Dqbc.hostile.seconds} says how long.
 */
@DisplayName("A node of 256 MB under every attack at once")
class HostileIT {
    private static final int SECONDS = Integer.getInteger("qbc.hostile.seconds", 15);
    private static final Duration TRICKLE = Duration.ofSeconds(1);
    private static final String JSON = "application/json";
    private static final String NDJSON = "application/x-ndjson";
    private static final String FORGED = "forged by a caller";
    private static final int LONG_QUANTS = 20;
    private static final int LONG_TRANSACTIONS = 60;
    private static final int LONG_BYTES = 20_000;
    private static final int PIECE_BYTES = 256 * 1024;
    private static final int HELD_ROUNDS = 3;
    /** What lives longer after an attack than before it: caches that fill, compiled code's tables. */
    private static final long GROWTH_BYTES = 48L << 20;

    private final Random random = Chance.random();

    /** That a thread had to wait for a processor, where it was: no fault, where many wait. */
    private static final Pattern BLOCKED =
            Pattern.compile("(?m)^\\S+ WARN +BlockedThreadChecker .*\\R(?!\\d{4}-)(?:(?!\\d{4}-).*\\R)*");

    @Test
    @DisplayName("serves a good caller, loses nothing and gives all memory back")
    void survives(@TempDir Path home) throws IOException {
        Path file = Chains.quick(home);
        ChainSpec spec = ChainSpecReader.read(Bytes.wrap(Files.readAllBytes(file)), file.toString());
        try (TricklingPeer trickling = new TricklingPeer(Ed25519.signer(Samples.seed("slow")), spec.id(), TRICKLE)) {
            Plan plan = Plan.in(home.resolve("node"))
                    .jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError")
                    .environment("QBC_CHAIN", file.toString())
                    .environment("QBC_BUDGETS_STALL_TIMEOUT", "3s")
                    // Limits must hold by themselves, and not because who reaches them is banned.
                    .environment("QBC_GOSSIP_CONDUCT_BAN_SCORE", "0")
                    .peer(trickling.address());
            try (NodeProcess node = NodeProcess.start(plan)) {
                prepare(node.client());
                double before = liveHeapBytes(node);
                GoodCaller good = new GoodCaller(node.client());
                Attacks attacks = attack(plan.port(), spec, good);
                report(attacks, good);
                assertThat(attacks.broken()).as(node.log()).isEmpty();
                assertThat(good.failures()).as("answers to the good caller").isEmpty();
                assertThat(trickling.syncs).as("the trickling peer was asked").hasPositiveValue();
                allIsGivenBack(node, before);
                assertThat(BLOCKED.matcher(node.output()).replaceAll(""))
                        .doesNotContainPattern("(?m)^" + FORGED)
                        .doesNotContain("OutOfMemoryError")
                        .doesNotContain("\tat ");
                Iterable<String> acknowledged = good.leap();
                assertThat(Chains.ids(node.client())).containsAll(acknowledged);
                assertThat(node.terminate()).isZero();
            }
            Chains.verifySound(plan, 3);
        }
    }

    /** Chains for the attackers to use: a long one to read, one with costly rules, one with the worst of numbers. */
    private static void prepare(Client client) {
        String text = "x".repeat(LONG_BYTES);
        for (int quant = 0; quant < LONG_QUANTS; quant++) {
            for (int i = 0; i < LONG_TRANSACTIONS; i++) {
                client.inject("\"" + text + "\"").expect(202);
            }
            client.leap().expect(201);
        }
        String costly = IntStream.range(0, 600)
                .mapToObj(i -> "{\"unevaluatedProperties\":true}")
                .collect(Collectors.joining(",", "{\"allOf\":[", "],\"unevaluatedProperties\":false}"));
        made(client, "costly", ",\"rules\":{\"types\":{\"costly\":" + costly + "}}");
        made(client, "numbers", "");
        ChainClient numbers = new ChainClient(client, "numbers");
        for (int i = 0; i < 50; i++) {
            numbers.inject("[" + String.join(",", "1e9999", "-1e-9999", "7".repeat(1000), "0." + "3".repeat(900)) + "]")
                    .expect(202);
        }
        numbers.leap().expect(201);
    }

    private static void made(Client client, String name, String more) {
        client.post(
                        "/v1/chains",
                        "{\"name\":\"" + name + "\",\"consensus\":{\"engine\":\"pow\",\"difficulty\":16}" + more + "}")
                .expect(201);
    }

    private Attacks attack(int port, ChainSpec spec, GoodCaller good) throws IOException {
        List<HeldSockets> held = new ArrayList<>();
        try (Attacks attacks = new Attacks()) {
            PeerAttacks seals = new PeerAttacks(new RawCaller(port, "127.0.0.2"), spec, new Random(random.nextLong()));
            attacks.begin("offers of empty seals", () -> seals.offerEmptySeals(10, 60_000));
            PeerAttacks ids = new PeerAttacks(new RawCaller(port, "127.0.0.3"), spec, new Random(random.nextLong()));
            attacks.begin("offers of ids", () -> ids.offerIds(5, 50_000));
            attacks.begin("lists of ids", () -> ids.announce(3, 10_000));
            attacks.begin("frames over the limit", () -> ids.announce(1, 500_000));
            attacks.begin("bodies that creep", () -> creep(port, "127.0.0.4"));
            Deque<HeldSockets> readers = new ArrayDeque<>();
            attacks.begin("readers that do not read", () -> doNotRead(port, "127.0.0.5", readers));
            RawCaller costly = new RawCaller(port, "127.0.0.6");
            byte[] members = costlyBody();
            attacks.begin("costly rules", () -> List.of(costly.post("/v1/chains/costly/transactions", JSON, members)));
            RawCaller numbers = new RawCaller(port, "127.0.0.7");
            attacks.begin(
                    "long numbers",
                    () -> List.of(
                            numbers.get("/chain?chain=numbers", "application/cbor"),
                            numbers.get("/chain?chain=numbers", "*/*"),
                            numbers.post("/v1/chains/main/transactions", JSON, utf8("{\"data\":1e2147483648}"))));
            Deque<HeldSockets> connections = new ArrayDeque<>();
            attacks.begin("idle connections", () -> connect(port, "127.0.0.8", connections));
            RawCaller forger = new RawCaller(port, "127.0.0.9");
            byte[] forged = utf8("{\"name\":\"f\",\"x\\n" + FORGED + "\":1}");
            attacks.begin("forged log lines", () -> List.of(forger.post("/v1/chains", JSON, forged)));
            good.call(Duration.ofSeconds(SECONDS));
            held.addAll(readers);
            held.addAll(connections);
            return attacks;
        } finally {
            held.forEach(HeldSockets::close);
        }
    }

    private static List<Integer> creep(int port, String from) {
        String path = "/v1/chains/main/transactions";
        try (HeldSockets bodies = HeldSockets.bodies(port, from, 8, path, NDJSON, 50 << 20)) {
            byte[] piece = new byte[PIECE_BYTES];
            Arrays.fill(piece, (byte) ' ');
            int cut = 0;
            for (int sent = 0; sent < 50 << 20 && cut < bodies.count(); sent += PIECE_BYTES) {
                cut = bodies.write(piece);
            }
            return List.of(RawCaller.CUT_OFF);
        }
    }

    private static List<Integer> doNotRead(int port, String from, Deque<HeldSockets> held) {
        held.add(HeldSockets.unread(port, from, 16, "/v1/chains/main/quants", NDJSON));
        held.add(HeldSockets.unread(port, from, 16, "/json-chain", "*/*"));
        while (held.size() > 2 * HELD_ROUNDS) {
            held.remove().close();
        }
        return List.of(RawCaller.CUT_OFF);
    }

    private static List<Integer> connect(int port, String from, Deque<HeldSockets> held) {
        held.add(HeldSockets.idle(port, from, 500));
        while (held.size() > HELD_ROUNDS) {
            held.remove().close();
        }
        return List.of(RawCaller.CUT_OFF);
    }

    private static byte[] costlyBody() {
        return utf8(IntStream.range(0, 20_000)
                .mapToObj(i -> "\"member" + i + "\":" + i)
                .collect(Collectors.joining(",", "{\"type\":\"costly\",\"data\":{", "}}")));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void allIsGivenBack(NodeProcess node, double before) {
        Await.asserted("all budgets are empty again", () -> {
            assertThat(metric(node, "qbc_http_body_bytes")).isZero();
            assertThat(metric(node, "qbc_http_stream_bytes")).isZero();
            assertThat(metric(node, "qbc_http_open_streams")).isZero();
            assertThat(metric(node, "qbc_judging_waiting")).isZero();
        });
        Await.asserted(
                "the heap is as before", () -> assertThat(liveHeapBytes(node)).isLessThan(before + GROWTH_BYTES));
        System.out.println("HostileIT: live heap before " + before + " bytes, after " + liveHeapBytes(node)
                + ", resident " + metric(node, "process_resident_memory_bytes"));
    }

    private static void report(Attacks attacks, GoodCaller good) {
        System.out.println("HostileIT: " + SECONDS + " s, statuses (0: cut off) " + attacks.statuses());
        System.out.println("HostileIT: good caller " + good);
    }

    /** The bytes of the heap that are still used after a full collection. */
    private static double liveHeapBytes(NodeProcess node) {
        Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        try {
            Process collection = new ProcessBuilder(jcmd.toString(), String.valueOf(node.pid()), "GC.run")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            assertThat(collection.waitFor()).isZero();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        return metric(node, "jvm_memory_used_bytes{area=\"heap\"}");
    }

    private static double metric(NodeProcess node, String name) {
        return MetricsText.value(node.client().get("/metrics").expect(200).text(), name);
    }

    /** Somebody who injects and reads back what was acknowledged, one call after the other. */
    private static final class GoodCaller {
        private final Client client;
        private final Map<String, String> acknowledged = new LinkedHashMap<>();
        private final List<String> failures = new ArrayList<>();
        private final List<Long> nanos = new ArrayList<>();

        GoodCaller(Client client) {
            this.client = client;
        }

        void call(Duration time) {
            long end = System.nanoTime() + time.toNanos();
            for (int i = 0; System.nanoTime() < end; i++) {
                String data = "{\"good\":" + i + "}";
                Answer taken = timed(() -> client.inject(data));
                if (taken.status() != 202) {
                    failures.add(taken.toString());
                    continue;
                }
                String id = taken.json().get("id").textValue();
                acknowledged.put(id, data);
                Answer read = timed(() -> client.get("/v1/chains/main/transactions/" + id));
                JsonNode there = read.status() == 200 ? read.json().get("data") : null;
                if (there == null || !there.toString().equals(data)) {
                    failures.add(read.toString());
                }
            }
        }

        private Answer timed(Supplier<Answer> call) {
            long begin = System.nanoTime();
            Answer answer = call.get();
            nanos.add(System.nanoTime() - begin);
            return answer;
        }

        List<String> failures() {
            return failures;
        }

        /** Leaps, and gives the ids of all that must be in the chain now. */
        Iterable<String> leap() {
            Await.until("all is in the chain", () -> {
                client.leap();
                return client.chain().at("/pool/transactions").longValue() == 0;
            });
            return acknowledged.keySet();
        }

        @Override
        public String toString() {
            long[] sorted = nanos.stream().mapToLong(Long::longValue).sorted().toArray();
            return "%d calls, %d failed; ms: median %.1f, p99 %.1f, longest %.1f"
                    .formatted(
                            sorted.length,
                            failures.size(),
                            sorted[sorted.length / 2] / 1e6,
                            sorted[(int) (sorted.length * 0.99)] / 1e6,
                            sorted[sorted.length - 1] / 1e6);
        }
    }
}
