package io.qbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader.Flag;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is read without picocli is read as with it. */
class RunLineTest {
    private static final List<String> PLAIN = List.of(
            "",
            "run",
            "run --port 1",
            "--port=1 --host h",
            "run --peer http://a:1 --peer http://b:2 --advertise http://c:3",
            "run --conf x.yaml --data=a=b");
    private static final List<String> OTHER = List.of(
            "--help",
            "run --help",
            "-V",
            "run --port",
            "run --port --host h",
            "run --port 1 --port 2",
            "--port 1 run",
            "run --port=",
            "run --nothing 1",
            "health --port 1",
            "run @file",
            "run --conf \uD800",
            "run extra");

    @Test
    void agreesWithPicocli() {
        for (String line : PLAIN) {
            String[] words = words(line);
            List<Object> byPicocli = new ArrayList<>();
            PrintWriter nowhere = new PrintWriter(new StringWriter());
            RunFlags.Launch launch = (conf, flags) -> {
                byPicocli.addAll(List.of(conf, Set.copyOf(flags)));
                return 0;
            };
            assertThat(new Cli("1", launch, List.of(), nowhere, nowhere).execute(words))
                    .isZero();
            RunLine read = RunLine.read(words).orElseThrow();
            assertThat(List.of(read.conf(), new HashSet<>(read.flags())))
                    .as(line)
                    .isEqualTo(byPicocli);
        }
    }

    @Test
    void leavesAllElseToPicocli() {
        for (String line : OTHER) {
            assertThat(RunLine.read(words(line))).as(line).isEmpty();
        }
    }

    @Test
    void saysInOneLineWhyItDoesNotRun() {
        StringWriter err = new StringWriter();
        RunLine line = new RunLine(Optional.of(Path.of("x")), List.of(new Flag("--port", "port", List.of("1"))));
        int code = line.launch(
                (conf, flags) -> {
                    throw new ConfigException("port is wrong");
                },
                new PrintWriter(err));
        assertThat(code).isEqualTo(2);
        assertThat(err.toString().lines()).containsExactly("qbc: port is wrong");
    }

    private static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ", -1);
    }
}
