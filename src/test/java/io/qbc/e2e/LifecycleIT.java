package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A node's life")
class LifecycleIT {
    private static final Path NEWER = Path.of("/usr/lib/jvm/temurin-25-jdk-amd64/bin/java");

    @Test
    @DisplayName("ends with 0 on SIGTERM, with all that it acknowledged on disk in order")
    void terminates(@TempDir Path home) {
        // It leaps when it is asked, and not because the restart took long.
        try (NodeProcess node = NodeProcess.start(Plan.in(home).environment("QBC_LEAP_AGE", "0s"))) {
            String first = id(node.client().inject("1").expect(202));
            String second = id(node.client().inject("2").expect(202));
            assertThat(node.terminate()).isZero();
            node.restart();
            assertThat(Chains.waiting(node.client())).isEqualTo(2);
            node.client().leap().expect(201);
            assertThat(Chains.ids(node.client())).containsExactly(first, second);
        }
    }

    @Test
    @DisplayName("is alone in its data directory")
    void alone(@TempDir Path home) {
        try (NodeProcess node = NodeProcess.start(Plan.in(home))) {
            NodeProcess second = NodeProcess.launch(Plan.in(home).port(Ports.free()));
            assertThat(second.exitCode()).isNotZero();
            assertThat(second.output()).contains("another node uses the data directory");
            node.client().inject("1").expect(202);
        }
    }

    @Test
    @DisplayName("leaves nothing in the temporary directory, however it ends")
    void tidy(@TempDir Path home) throws Exception {
        Plan plan = Plan.in(home);
        try (NodeProcess node = NodeProcess.start(plan)) {
            node.kill9();
            node.restart();
            assertThat(node.terminate()).isZero();
        }
        Chains.verifySound(plan);
        try (Stream<Path> left = Files.walk(home.resolve("tmp"))) {
            assertThat(left.filter(Files::isRegularFile)
                            .filter(file -> !file.toString().contains("hsperfdata")))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("starts where its library cannot be kept")
    void libraryElsewhere(@TempDir Path home) throws Exception {
        Plan plan = Plan.in(home);
        Files.createDirectories(plan.data());
        Files.writeString(plan.data().resolve("native"), "in the way");
        try (NodeProcess node = NodeProcess.start(plan)) {
            node.client().inject("1").expect(202);
            assertThat(node.terminate()).isZero();
        }
    }

    @Test
    @DisplayName("says when it starts that its chain contradicts a pin")
    void pinned(@TempDir Path home) {
        Plan plan = Plan.in(home);
        try (NodeProcess node = NodeProcess.start(plan)) {
            assertThat(node.terminate()).isZero();
            assertThat(node.output()).contains("with chain main").doesNotContain("without its chain");
        }
        String other = "main@0=" + "0".repeat(64);
        try (NodeProcess node = NodeProcess.launch(plan.environment("QBC_CHAINS_PINS", other))) {
            Await.until("it says so", () -> node.output().contains("without its chain main"));
            node.client().inject("1").expect(409);
        }
    }

    @Test
    @DisplayName("is the same on JDK 25")
    @EnabledIf("newerIsHere")
    void newer(@TempDir Path home) {
        Plan plan = Plan.in(home).java(NEWER);
        try (NodeProcess node = NodeProcess.start(plan)) {
            node.client().inject("{\"jdk\":25}").expect(202);
            node.client().leap().expect(201);
            assertThat(Chains.payloads(node.client())).containsExactly("{\"jdk\":25}");
            assertThat(node.terminate()).isZero();
            assertThat(node.output()).doesNotContain("WARNING");
        }
        Chains.verifySound(plan);
    }

    static boolean newerIsHere() {
        return Files.isExecutable(NEWER);
    }

    private static String id(Answer answer) {
        return answer.json().get("id").textValue();
    }
}
