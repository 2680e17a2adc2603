package io.qbc.bench;

import io.qbc.bench.scenario.Bench;
import io.qbc.bench.scenario.BusCalls;
import io.qbc.bench.scenario.Options;
import io.qbc.bench.scenario.PlainLoop;
import io.qbc.bench.scenario.PostgresAccess;
import io.qbc.cli.Command;
import io.qbc.config.ConfigException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/** The command {@code bench}, and the processes that it starts of itself. */
public final class BenchCommand {
    private static final Pattern PASSWORD = Pattern.compile("[?&]password=|//[^/?]*:[^/?]*@", Pattern.CASE_INSENSITIVE);
    private static final String ACCESS = "--access";
    private static final String LOOPBACK = "loopback";
    private static final String PASSWORD_FILE = "--postgres-password-file";
    private static final String REQUIRED = "required";

    private BenchCommand() {}

    /**
     * The commands, the ones for its own processes hidden from the help.
     *
     * @param out where the tables go
     * @param err where progress goes
     */
    public static List<Command> commands(PrintWriter out, PrintWriter err) {
        return List.of(
                new Command("bench", spec(), parsed -> bench(parsed, out, err)),
                new Command(Bench.ECHO, hidden(option("--port", "PORT", Integer.class, "Where to listen.")), parsed -> {
                    Echo.serve(parsed.matchedOptionValue("--port", 0));
                    return 0;
                }),
                new Command(
                        Bench.LOOP,
                        hidden(
                                option("--data", "DIR", Path.class, "Where to write."),
                                option("--seconds", "N", Integer.class, "How long."),
                                option("--size", "BYTES", Integer.class, "A line's bytes.")),
                        parsed -> PlainLoop.print(
                                parsed.matchedOptionValue("--data", Path.of("")),
                                parsed.matchedOptionValue("--seconds", 10),
                                parsed.matchedOptionValue("--size", 170),
                                out,
                                err)),
                new Command(
                        Bench.BUS,
                        hidden(
                                option("--cluster", "NAME", String.class, "The cluster's name."),
                                option("--port", "PORT", Integer.class, "Where it is a member."),
                                option("--members", "HOST:PORT,...", String.class, "Other members."),
                                option("--chains", "NAME,...", String.class, "What it injects into."),
                                option("--connections", "N", Integer.class, "Messages under way."),
                                option("--seconds", "N", Integer.class, "How long."),
                                option("--size", "BYTES", Integer.class, "A message's bytes.")),
                        parsed -> call(parsed, out, err)));
    }

    private static int call(ParseResult parsed, PrintWriter out, PrintWriter err) {
        BusCalls calls = new BusCalls(
                parsed.matchedOptionValue("--cluster", ""),
                parsed.matchedOptionValue("--port", 0),
                List.of(parsed.matchedOptionValue("--members", "").split(",")),
                List.of(parsed.matchedOptionValue("--chains", "").split(",")),
                parsed.matchedOptionValue("--connections", 64),
                parsed.matchedOptionValue("--seconds", 10),
                parsed.matchedOptionValue("--size", 170));
        try {
            return BusCaller.print(calls, out);
        } catch (ExecutionException | TimeoutException e) {
            err.println("qbc bench: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    private static CommandSpec spec() {
        CommandSpec spec = CommandSpec.create();
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Print this help and exit.")
                .build());
        spec.addPositional(PositionalParamSpec.builder()
                .paramLabel("SCENARIO")
                .arity("0..*")
                .type(List.class)
                .auxiliaryTypes(String.class)
                .description("inject, batch, leap, read, sync, startup, growth, chains, overload, fairness,"
                        + " projection, cluster, or all (the default).")
                .build());
        spec.addOption(option("--seconds", "N", Integer.class, "How long each load lasts; default 10."));
        spec.addOption(option("--connections", "N", Integer.class, "Connections of a load; default 64."));
        spec.addOption(option("--size", "BYTES", Integer.class, "A request's body; default 170."));
        spec.addOption(
                option("--chain-length", "N", Long.class, "Transactions of the longest chain; default 1000000."));
        spec.addOption(
                option("--data", "DIR", Path.class, "Where nodes keep their data; default the temporary directory."));
        spec.addOption(option(
                ACCESS,
                "MODE",
                String.class,
                "required: inject shows an API key, to a node that demands one; default loopback."));
        spec.addOption(option("--json", "FILE", Path.class, "Write all figures to this file."));
        spec.addOption(option(
                "--postgres",
                "URL",
                String.class,
                "Measure PostgreSQL too, like jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres."));
        spec.addOption(option(
                PASSWORD_FILE,
                "FILE",
                Path.class,
                "The password of its user, for the node and the bench; nobody else may read the file."));
        spec.usageMessage()
                .description("Measures a node on this machine beside a bare HTTP server; starts all processes itself.");
        return spec;
    }

    private static CommandSpec hidden(OptionSpec... options) {
        CommandSpec spec = CommandSpec.create();
        for (OptionSpec option : options) {
            spec.addOption(option);
        }
        spec.usageMessage().hidden(true);
        return spec;
    }

    private static OptionSpec option(String name, String label, Class<?> type, String description) {
        return OptionSpec.builder(name)
                .paramLabel(label)
                .type(type)
                .arity("1")
                .description(description)
                .build();
    }

    private static boolean isKeyed(String mode) {
        if (!mode.equals(LOOPBACK) && !mode.equals(REQUIRED)) {
            throw new ConfigException(ACCESS + " must be " + LOOPBACK + " or " + REQUIRED + " but is '" + mode + "'");
        }
        return mode.equals(REQUIRED);
    }

    private static int bench(ParseResult parsed, PrintWriter out, PrintWriter err) {
        Options options = new Options(
                parsed.matchedOptionValue("--seconds", 10),
                parsed.matchedOptionValue("--connections", 64),
                parsed.matchedOptionValue("--size", 170),
                parsed.matchedOptionValue("--chain-length", 1_000_000L),
                parsed.matchedOptionValue("--data", Path.of(System.getProperty("java.io.tmpdir"))),
                postgres(parsed),
                isKeyed(parsed.matchedOptionValue(ACCESS, LOOPBACK)));
        Optional<Path> json = Optional.ofNullable(parsed.matchedOptionValue("--json", (Path) null));
        List<String> names = parsed.matchedPositionalValue(0, List.of());
        try {
            return new BenchRun(options, out, err).run(names, json);
        } catch (IOException e) {
            err.println("qbc bench: " + e);
            return 1;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 1;
        }
    }

    /** Every user of a machine may see the arguments of its processes, and the driver reads a file of its own. */
    private static Optional<PostgresAccess> postgres(ParseResult parsed) {
        Optional<String> url = Optional.ofNullable(parsed.matchedOptionValue("--postgres", (String) null));
        if (url.filter(text -> PASSWORD.matcher(text).find()).isPresent()) {
            throw new ConfigException("--postgres must have no password in it; put that into the file ~/.pgpass, or"
                    + " name one with " + PASSWORD_FILE);
        }
        Optional<Path> password = Optional.ofNullable(parsed.matchedOptionValue(PASSWORD_FILE, (Path) null));
        return url.map(text -> new PostgresAccess(text, password));
    }
}
