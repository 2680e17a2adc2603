package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.qbc.Patience;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Damages a file of a data directory, starts a node with it, and expects all that was acknowledged, or a refusal in
 * words: of the node as a whole, or of what cannot be read.
 */
@DisplayName("A node with a damaged file")
class DamageIT {
    private static final int TRIALS = Integer.getInteger("qbc.damage.trials", 60);
    private static final Duration OUTCOME = Patience.stretch(Duration.ofMinutes(1));
    private static final int FIRST = 40;
    private static final int VERIFY_EVERY = 4;

    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private final Map<String, Integer> outcomes = new TreeMap<>();
    private String key = "";

    private enum Damage {
        FLIP,
        CUT,
        ZERO,
        SWAP,
        DELETE,
        OLDER
    }

    @Test
    @DisplayName("has all that it acknowledged, or says what is wrong")
    void neverSilent(@TempDir Path home) throws IOException {
        long seed = Long.getLong("qbc.seed", new Random().nextLong());
        System.out.println("DamageIT: " + TRIALS + " trials of seed " + seed);
        Plan plan = Plan.in(home.resolve("node")).environment("QBC_LEAP_TRANSACTIONS", "15");
        Path older = home.resolve("older");
        Path closed = home.resolve("closed");
        Path killed = home.resolve("killed");
        try (NodeProcess node = NodeProcess.start(plan)) {
            inject(node.client(), FIRST);
            assertThat(node.terminate()).isZero();
            copy(plan.data(), older);
            node.restart();
            inject(node.client(), FIRST);
            assertThat(node.terminate()).isZero();
            copy(plan.data(), closed);
            node.restart();
            Map<String, String> before = new LinkedHashMap<>(acknowledged);
            inject(node.client(), FIRST);
            node.kill9();
            copy(plan.data(), killed);
            Map<String, String> after = new LinkedHashMap<>(acknowledged);
            Random random = new Random(seed);
            for (int i = 0; i < TRIALS; i++) {
                boolean clean = random.nextBoolean();
                acknowledged.clear();
                acknowledged.putAll(clean ? before : after);
                trial(
                        "seed " + seed + ", trial " + i,
                        plan,
                        clean ? closed : killed,
                        older,
                        new Random(random.nextLong()));
            }
        }
        System.out.println("DamageIT: " + outcomes);
        assertThat(outcomes.keySet()).as("both happen").hasSizeGreaterThan(1);
    }

    private void inject(Client client, int count) {
        for (int i = 0; i < count; i++) {
            String data = "\"" + acknowledged.size() + "\"";
            acknowledged.put(client.inject(data).expect(202).json().get("id").textValue(), data);
        }
        key = client.get("/v1/node").expect(200).json().get("key").textValue();
    }

    private void trial(String name, Plan plan, Path image, Path older, Random random) throws IOException {
        delete(plan.data());
        copy(image, plan.data());
        List<Path> files = files(plan.data());
        Path file = files.get(random.nextInt(files.size()));
        Damage damage = Damage.values()[random.nextInt(Damage.values().length)];
        damage(damage, file, older.resolve(plan.data().relativize(file)), files, random);
        String what = name + ": " + damage + " " + plan.data().relativize(file) + " of " + image.getFileName();
        Files.deleteIfExists(plan.home().resolve("node.log"));
        try (NodeProcess node = NodeProcess.launch(plan)) {
            String outcome = outcome(what, node);
            outcomes.merge(outcome, 1, Integer::sum);
            if (outcome.equals("refused")) {
                String said = node.output();
                assertThat(node.exitCode()).as(what).isNotZero();
                assertThat(said).as(what).contains("qbc: ").doesNotContain("\tat ");
                if (random.nextInt(VERIFY_EVERY) > 0) {
                    return;
                }
                Jar.Finished verify =
                        Jar.run(plan, "verify", "--data", plan.data().toString());
                assertThat(verify.output()).as(what).doesNotContain("\tat ");
            } else {
                audit(what, node);
            }
        }
    }

    private static String outcome(String what, NodeProcess node) {
        long end = System.nanoTime() + OUTCOME.toNanos();
        Await.until(
                what, () -> !node.isAlive() || node.output().contains(" is ready at ") || System.nanoTime() - end > 0);
        assertThat(System.nanoTime()).as("%s hangs\n%s", what, node.log()).isLessThan(end);
        return node.isAlive() ? "started" : "refused";
    }

    private void audit(String what, NodeProcess node) {
        assertThat(node.client().get("/v1/node").expect(200).json().get("key").textValue())
                .as(what)
                .isEqualTo(key);
        int unreadable = 0;
        for (Map.Entry<String, String> transaction : acknowledged.entrySet()) {
            Answer answer = node.client().get("/v1/chains/main/transactions/" + transaction.getKey());
            if (answer.status() == 200) {
                JsonNode json = answer.json();
                assertThat(json.get("data").toString()).as(what).isEqualTo(transaction.getValue());
            } else {
                assertThat(answer.status())
                        .as("%s: %s\n%s", what, answer, node.log())
                        .isEqualTo(500);
                assertThat(answer.text()).as(what).contains("corrupt");
                unreadable++;
            }
        }
        if (unreadable > 0) {
            outcomes.merge("partly refused", 1, Integer::sum);
            assertThat(node.output()).as(what).containsPattern("damage|cannot be|corrupt|reading failed");
        }
    }

    private static void damage(Damage damage, Path file, Path older, List<Path> files, Random random)
            throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        switch (damage) {
            case FLIP -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
                    Files.write(file, bytes);
                }
            }
            case CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length == 0 ? 0 : random.nextInt(bytes.length)));
            case ZERO -> {
                int from = bytes.length == 0 || random.nextBoolean() ? 0 : random.nextInt(bytes.length);
                Arrays.fill(bytes, from, Math.min(bytes.length, from + 4096), (byte) 0);
                Files.write(file, bytes);
            }
            case SWAP -> {
                Path other = files.get(random.nextInt(files.size()));
                byte[] others = Files.readAllBytes(other);
                Files.write(other, bytes);
                Files.write(file, others);
            }
            case DELETE -> Files.delete(file);
            case OLDER -> {
                if (Files.exists(older)) {
                    Files.copy(older, file, StandardCopyOption.REPLACE_EXISTING);
                }
            }
            default -> throw new AssertionError(damage);
        }
    }

    /** All files but the store's library, which is checked by itself. */
    private static List<Path> files(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.startsWith(data.resolve("native")))
                    .sorted()
                    .toList();
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
