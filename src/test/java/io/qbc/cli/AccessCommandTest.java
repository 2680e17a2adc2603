package io.qbc.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.node.CallerKeys;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessCommandTest {
    private static final String KEY = "qbc_[0-9a-f]{12}_[0-9a-f]{64}\n";

    @TempDir
    Path data;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        PrintWriter printer = new PrintWriter(out, true);
        PrintWriter complaints = new PrintWriter(err, true);
        Map<String, String> environment = Map.of("QBC_DATA", data.toString());
        CallerKeys keys = new CallerKeys(() -> Instant.ofEpochMilli(0));
        Command command = AccessCommand.command(keys, self(), environment, printer, complaints);
        List<String> all = new ArrayList<>(List.of("access"));
        all.addAll(Arrays.asList(arguments));
        return new Cli("1", (conf, flags) -> 0, List.of(command), printer, complaints)
                .execute(all.toArray(String[]::new));
    }

    /** In the place of the part that asks a node. */
    private static Command self() {
        return new Command("self", Cli.spec("Asks a node."), parsed -> 7);
    }

    @Test
    void whoOneIsIsAskedOfANode() {
        assertThat(run("self")).isEqualTo(7);
    }

    private String made() {
        return out.toString().split("_", -1)[1];
    }

    @Test
    void aKeyIsMadeShownAndEnded() {
        assertThat(run("list")).isZero();
        assertThat(out.toString()).isEmpty();
        assertThat(run("add", "--name", "shop", "--role", "writer@orders", "--role", "reader", "--expires", "90d"))
                .isZero();
        assertThat(out.toString()).matches(KEY);
        String secret = out.toString().strip();
        String id = made();
        assertThat(run("list")).isZero();
        assertThat(out.toString())
                .isEqualTo(id + " shop writer@orders,reader made 1970-01-01T00:00:00Z expires 1970-04-01T00:00:00Z"
                        + " never used\n")
                .doesNotContain(secret);
        assertThat(run("list", "--json")).isZero();
        assertThat(out.toString())
                .isEqualTo("{\"id\":\"" + id + "\",\"name\":\"shop\",\"roles\":[\"writer@orders\",\"reader\"],"
                        + "\"scope\":\"shop\",\"made\":0,\"expires\":"
                        + Duration.ofDays(90).toMillis()
                        + ",\"used\":null}\n");
        assertThat(run("rotate", id, "--grace", "1d")).isZero();
        assertThat(out.toString()).matches(KEY).isNotEqualTo(secret);
        assertThat(made()).isEqualTo(id);
        assertThat(run("revoke", id)).isZero();
        assertThat(run("revoke", id)).isEqualTo(1);
        assertThat(run("rotate", id)).isEqualTo(1);
        assertThat(run("list", "--data", data.toString())).isZero();
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aKeyMayHaveAScopeThatIsNotItsName() {
        assertThat(run("add", "--name", "shop-2", "--role", "reader", "--scope", "shop"))
                .isZero();
        assertThat(run("list")).isZero();
        assertThat(out.toString()).contains(" shop-2 reader scope shop made ");
    }

    @Test
    void whatIsNotAcceptableGivesOneLineAndCode2() {
        for (List<String> wrong : List.of(
                List.<String>of(),
                List.of("add"),
                List.of("add", "--name", "a"),
                List.of("add", "--name", "a", "--role", "king"),
                List.of("add", "--name", "a b", "--role", "reader"),
                List.of("add", "--name", "a", "--role", "reader@A"),
                List.of("add", "--name", "a", "--role", "reader", "--expires", "soon"),
                List.of("add", "--name", "a", "--role", "reader", "--scope", ""),
                List.of("revoke"),
                List.of("list", "--data", data.resolve("none").toString()))) {
            assertThat(run(wrong.toArray(String[]::new))).as(wrong.toString()).isEqualTo(2);
            assertThat(err.toString().lines())
                    .as(wrong.toString())
                    .hasSize(1)
                    .allMatch(line -> line.startsWith("qbc: "));
            assertThat(out.toString()).isEmpty();
        }
    }
}
