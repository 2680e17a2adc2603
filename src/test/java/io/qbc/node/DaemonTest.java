package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import io.qbc.config.ConfigReader;
import io.qbc.config.NodeConfig;
import io.qbc.e2e.Await;
import io.qbc.e2e.Client;
import io.qbc.e2e.Ports;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The life of the process: signals, exit codes and the one line that says why it did not start. */
class DaemonTest {
    @TempDir
    Path directory;

    private Process process;

    @AfterEach
    void end() {
        if (process != null) {
            process.destroyForcibly();
        }
    }

    @Test
    void aSignalEndsItCleanlyWithCode0() throws Exception {
        int port = Ports.free();
        launch(port, "clean");
        Await.until(
                "the server answers",
                () -> new Client("http://127.0.0.1:" + port).get("/").status() == 200);
        assertThat(stop()).isZero();
        assertThat(output()).contains("is ready at http://127.0.0.1:" + port, "stopping", "stopped");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "loopback | '' | curl -d data=hello URL/inject",
                "required | '' | curl -H \"Authorization: Bearer $QBC_KEY\" -d data=hello URL/inject",
                "loopback | a.crt | curl --cacert a.crt -d data=hello URL/inject"
            })
    void theReadyLineShowsACallThatIsAnswered(String mode, String certificate, String call) {
        NodeConfig config = ConfigReader.read(
                directory,
                Optional.empty(),
                Map.of(
                        "QBC_ACCESS_MODE",
                        mode,
                        "QBC_HTTP_TLS_CERTIFICATE",
                        certificate,
                        "QBC_HTTP_TLS_KEY",
                        certificate.replace("crt", "key")),
                List.of());
        assertThat(Daemon.firstCall(config, "URL")).isEqualTo(call);
    }

    @Test
    void aStageThatDoesNotStopDoesNotKeepTheProcessAlive() throws Exception {
        int port = Ports.free();
        launch(port, "stuck");
        Await.until(
                "the server answers",
                () -> new Client("http://127.0.0.1:" + port).get("/").status() == 200);
        assertThat(stop()).isEqualTo(1);
        assertThat(output()).contains("did not stop in 4500 ms");
    }

    @Test
    void aPortInUseIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch(taken.getLocalPort(), "clean");
            assertThat(Patience.ended(process)).isTrue();
            assertThat(process.exitValue()).isEqualTo(1);
            assertThat(output().lines().filter(line -> line.startsWith("qbc: ")))
                    .containsExactly("qbc: port " + taken.getLocalPort()
                            + " on 127.0.0.1 is in use; choose another with --port");
        }
    }

    /** A start that fails afterwards must not hide a key that later starts do not make again. */
    @Test
    void theFirstKeyOfACallerIsShownBeforeAnythingStarts() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            launch(taken.getLocalPort(), "clean", Map.of("QBC_ACCESS_MODE", "required"));
            assertThat(Patience.ended(process)).isTrue();
            List<String> said =
                    output().lines().filter(line -> line.startsWith("qbc: ")).toList();
            assertThat(said).hasSize(2);
            assertThat(said.get(0)).contains("the first one, for everything, shown this once: qbc_");
            assertThat(said.get(1)).contains("is in use");
        }
    }

    private void launch(int port, String how) throws IOException {
        launch(port, how, Map.of());
    }

    private void launch(int port, String how, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-Dlogback.configurationFile=conf/logback.xml",
                        "-cp",
                        System.getProperty("java.class.path"),
                        DaemonProbe.class.getName(),
                        String.valueOf(port),
                        directory.resolve("data").toString(),
                        how))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(directory.resolve("log").toFile());
        builder.environment().putAll(environment);
        process = builder.start();
    }

    private int stop() throws InterruptedException {
        process.destroy();
        assertThat(Patience.ended(process))
                .describedAs("the end of the process")
                .isTrue();
        return process.exitValue();
    }

    private String output() throws IOException {
        return Files.readString(directory.resolve("log"));
    }
}
