package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.e2e.Jar.Finished;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the built jar answers when it is not asked to run a node, or cannot. */
class CommandLineIT {
    @TempDir
    Path directory;

    @Test
    void theVersionIsTheJars() {
        assertThat(run("--version").output().strip()).matches("qbc [0-9]+\\.[0-9]+\\.[0-9]+");
    }

    @Test
    void helpShowsExamples() {
        Finished help = run("--help");
        assertThat(help.code()).isZero();
        assertThat(help.output()).contains("Examples:", "--peer");
    }

    @Test
    void whatIsNotAcceptableEndsWith2AndOneLine() throws IOException {
        assertRefused(run("--port", "70000"), "port must be 0 to 65535 but is 70000 (--port)");
        assertRefused(run("run", "--conf", "absent.yaml"), "the file absent.yaml does not exist");
        assertRefused(run("--nope"), "Unknown option: '--nope'");
        Path file = Files.writeString(directory.resolve("file"), "not a directory");
        assertRefused(run("--data", file.toString(), "--port", "0"), "--data");
        Plan plan = Plan.in(directory).environment("QBC_PROT", "1");
        assertRefused(Jar.run(plan), "unknown environment variable QBC_PROT");
    }

    @Test
    void healthOfNobodyIs1() {
        Finished health = run("health", "--url", "http://127.0.0.1:" + Ports.free());
        assertThat(health.code()).isEqualTo(1);
        assertThat(health.output()).contains("is not ready");
    }

    private Finished run(String... arguments) {
        return Jar.run(Plan.in(directory), arguments);
    }

    private static void assertRefused(Finished finished, String message) {
        assertThat(finished.output().lines().filter(line -> !line.startsWith("Picked up")))
                .singleElement()
                .satisfies(line -> assertThat(line).startsWith("qbc: ").contains(message));
        assertThat(finished.code()).isEqualTo(2);
    }
}
