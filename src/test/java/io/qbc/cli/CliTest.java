package io.qbc.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.qbc.cli.remote.HealthCommand;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader.Flag;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CliTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<Optional<Path>> confs = new ArrayList<>();
    private final List<Flag> flags = new ArrayList<>();
    private final PrintWriter printer = new PrintWriter(out, true);
    private final Cli cli = new Cli(
            "1.2.3",
            (conf, given) -> {
                confs.add(conf);
                flags.addAll(given);
                return 0;
            },
            List.of(HealthCommand.command(printer, Map.of())),
            printer,
            new PrintWriter(err, true));

    @Test
    void withoutACommandTheNodeRuns() {
        assertThat(cli.execute()).isZero();
        assertThat(cli.execute("run")).isZero();
        assertThat(confs).containsExactly(Optional.empty(), Optional.empty());
        assertThat(flags).isEmpty();
    }

    @Test
    void flagsGoOnWithTheKeysThatTheySet() {
        assertThat(cli.execute(
                        "--port=7", "--peer", "http://a:1", "--peer", "http://b:2", "--conf", "x.yaml", "--data", "d"))
                .isZero();
        assertThat(confs).containsExactly(Optional.of(Path.of("x.yaml")));
        assertThat(flags)
                .containsExactlyInAnyOrder(
                        new Flag("--port", "port", List.of("7")),
                        new Flag("--peer", "peers", List.of("http://a:1", "http://b:2")),
                        new Flag("--data", "data", List.of("d")));
    }

    @Test
    void flagsAfterTheCommandComeLastAndSoWin() {
        assertThat(cli.execute("--port", "1", "--host", "h", "run", "--port", "2", "--advertise", "http://h:2"))
                .isZero();
        assertThat(flags)
                .containsExactly(
                        new Flag("--host", "host", List.of("h")),
                        new Flag("--port", "port", List.of("1")),
                        new Flag("--port", "port", List.of("2")),
                        new Flag("--advertise", "advertise", List.of("http://h:2")));
    }

    @Test
    void versionAndHelp() {
        assertThat(cli.execute("--version")).isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("qbc 1.2.3");
        assertThat(cli.execute("--help")).isZero();
        assertThat(out.toString()).contains("--port=PORT", "Examples:", "health");
        assertThat(cli.execute("run", "--help")).isZero();
        assertThat(confs).isEmpty();
    }

    @Test
    void whatIsNotAcceptableGivesOneLineAndCode2() {
        assertThat(cli.execute("--nope")).isEqualTo(2);
        assertThat(cli.execute("--port")).isEqualTo(2);
        assertThat(cli.execute("dance")).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(3).allMatch(line -> line.startsWith("qbc: "));
        assertThat(confs).isEmpty();
    }

    @Test
    void aConfigurationRefusedGivesOneLineAndCode2() {
        Cli refusing = new Cli(
                "1",
                (conf, given) -> {
                    throw new ConfigException("port must be 0 to 65535");
                },
                List.of(),
                printer,
                new PrintWriter(err, true));
        assertThat(refusing.execute()).isEqualTo(2);
        assertThat(err.toString()).isEqualToIgnoringNewLines("qbc: port must be 0 to 65535");
    }

    @Test
    void aFileThatCannotBeNamedGivesOneLineAndCode2() {
        assertThat(cli.execute("--conf", "\uD800")).isEqualTo(2);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .startsWith("qbc: --conf must name a directory or file");
    }

    @ParameterizedTest
    @CsvSource({"::1, http://[::1]:7001", "[::1], http://[::1]:7001", "0.0.0.0, http://127.0.0.1:7001"})
    void healthAsksTheHostOfTheEnvironment(String host, String base) {
        Command command = HealthCommand.command(printer, Map.of("QBC_HOST", host, "QBC_PORT", "7001"));
        assertThat(command.spec().findOption("--url").defaultValue()).isEqualTo(base);
    }

    @ParameterizedTest
    @CsvSource({"7001, 7001", "tcp://10.0.0.1:80, 5000", "'', 5000"})
    void healthAsksThePortOfTheEnvironment(String variable, String port) {
        Command command = HealthCommand.command(printer, Map.of("QBC_PORT", variable));
        assertThat(command.spec().findOption("--url").defaultValue()).isEqualTo("http://127.0.0.1:" + port);
    }

    @Test
    void theEnvironmentSaysWhichNodeIsAsked() {
        Command command = HealthCommand.command(printer, Map.of("QBC_PORT", "1", "QBC_URL", "http://node1:2"));
        assertThat(command.spec().findOption("--url").defaultValue()).isEqualTo("http://node1:2");
    }

    @ParameterizedTest
    @CsvSource({
        "http://node_1:5000/, http://node_1:5000",
        "https://[::1]:7001, https://[::1]:7001",
        "http://proxy.example/qbc/, http://proxy.example/qbc"
    })
    void aNodeIsNamedByItsBaseAddress(String text, String base) {
        assertThat(NodeUrl.read(text)).isEqualTo(base);
    }

    @ParameterizedTest
    @CsvSource({
        "node1:5000",
        "ftp://node1",
        "http://",
        "http://a b",
        "http://node1/?x=1",
        "http://me@node1",
        "http://node1/#a"
    })
    void anythingElseNamesNoNode(String text) {
        assertThatThrownBy(() -> NodeUrl.read(text)).isInstanceOf(ConfigException.class);
    }

    @Test
    void healthIsWhatTheNodeSays() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        int[] status = {200};
        server.createContext("/health/ready", exchange -> {
            exchange.sendResponseHeaders(status[0], -1);
            exchange.close();
        });
        server.start();
        String url = "http://127.0.0.1:" + server.getAddress().getPort();
        await().until(() -> cli.execute("health", "--url", url) == 0);
        status[0] = 503;
        assertThat(cli.execute("health", "--url", url + "/")).isEqualTo(1);
        server.stop(0);
        assertThat(cli.execute("health", "--url", url)).isEqualTo(1);
        assertThat(cli.execute("health", "--url", "not a url")).isEqualTo(1);
        assertThat(out.toString()).contains(url + " ready", "it answers 503");
    }

    @Test
    void aBackupIsAskedForAsTheFlagsSay() {
        List<BackupCommand.Wanted> wanted = new ArrayList<>();
        List<Optional<String>> shown = new ArrayList<>();
        boolean[] complete = {true};
        Command command = BackupCommand.command(
                (node, what, progress) -> {
                    wanted.add(what);
                    shown.add(node.credential());
                    return new BackupCommand.Outcome(complete[0], node.url());
                },
                printer,
                new PrintWriter(err, true),
                Map.of("QBC_PORT", "5001", "QBC_KEY", "qbc_1_2"));
        Cli backups = new Cli("1", (conf, given) -> 0, List.of(command), printer, new PrintWriter(err, true));
        assertThat(backups.execute("backup", "--to", "before", "--with-key", "--url", "http://a:1"))
                .isZero();
        assertThat(out.toString()).isEqualToIgnoringNewLines("http://a:1");
        complete[0] = false;
        assertThat(backups.execute("backup", "--verify")).isEqualTo(1);
        assertThat(err.toString()).isEqualToIgnoringNewLines("qbc: http://127.0.0.1:5001");
        assertThat(wanted)
                .containsExactly(
                        new BackupCommand.Wanted(Optional.of("before"), true, false),
                        new BackupCommand.Wanted(Optional.empty(), false, true));
        assertThat(shown).containsOnly(Optional.of("qbc_1_2"));
    }

    @Test
    void aRepairIsFromANodeAndWithAKey() {
        List<AskedNode> peers = new ArrayList<>();
        Command command = VerifyCommand.command(
                (data, peer, progress) -> {
                    peer.ifPresent(peers::add);
                    return new VerifyCommand.Verdict(true, "all", List.of());
                },
                printer,
                new PrintWriter(err, true),
                Map.of("QBC_KEY", "qbc_1_2"));
        Cli verifies = new Cli("1", (conf, given) -> 0, List.of(command), printer, new PrintWriter(err, true));
        assertThat(verifies.execute("verify", "--data", "a", "--repair-from", "http://node_1:7001/"))
                .isZero();
        assertThat(verifies.execute("verify", "--data", "a")).isZero();
        assertThat(peers).containsExactly(new AskedNode("--repair-from", "http://node_1:7001", Optional.of("qbc_1_2")));
        assertThat(verifies.execute("verify", "--data", "a", "--repair-from", "http://node1:7001/x"))
                .isEqualTo(2);
        assertThat(err.toString()).startsWith("qbc: --repair-from must be like http://node1:5000 but is '");
    }

    @Test
    void aRestoreNeedsBothDirectories() {
        List<Path> paths = new ArrayList<>();
        Command command = RestoreCommand.command(
                (from, data, progress) -> {
                    paths.addAll(List.of(from, data));
                    return new RestoreCommand.Outcome(false, List.of("the backup is damaged"));
                },
                printer,
                new PrintWriter(err, true));
        Cli restores = new Cli("1", (conf, given) -> 0, List.of(command), printer, new PrintWriter(err, true));
        assertThat(restores.execute("restore", "--from", "a")).isEqualTo(2);
        assertThat(restores.execute("restore", "--from", "a", "--data", "b")).isEqualTo(1);
        assertThat(paths).containsExactly(Path.of("a"), Path.of("b"));
        assertThat(err.toString()).endsWith("qbc: the backup is damaged" + System.lineSeparator());
    }
}
