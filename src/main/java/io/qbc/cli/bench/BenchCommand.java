package io.qbc.cli.bench;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures this machine's node against what the machine can give. */
@Command(
        name = "bench",
        description = "Measures a node on this machine beside a bare HTTP server. It starts all processes itself.",
        subcommands = {EchoCommand.class, PlainLoopCommand.class},
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    private static final String ALL = "all";

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..*",
            paramLabel = "SCENARIO",
            description = "inject, batch, leap, read, sync, startup, growth, overload, or all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--seconds", defaultValue = "10", description = "How long each load lasts (${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--connections", defaultValue = "64", description = "Connections of a load (${DEFAULT-VALUE}).")
    private int connections;

    @Option(names = "--size", defaultValue = "170", description = "Bytes of a request's body (${DEFAULT-VALUE}).")
    private int size;

    @Option(
            names = "--chain-length",
            defaultValue = "1000000",
            description = "Transactions of the longest chain (${DEFAULT-VALUE}).")
    private long chainLength;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the nodes' directories are made, on the disk to be measured (the temporary directory).")
    private Optional<Path> data;

    @Option(names = "--json", paramLabel = "FILE", description = "Writes all figures to this file.")
    private Optional<Path> json;

    @Option(
            names = "--postgres",
            paramLabel = "URL",
            description = "Measures PostgreSQL too, like jdbc:postgresql://127.0.0.1:5432/postgres?user=postgres.")
    private Optional<String> postgres;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Options options = options();
        Map<String, Scenario> chosen = chosen(options);
        PrintWriter progress = spec.commandLine().getErr();
        Rows rows = new Rows(line -> {
            progress.println(line);
            progress.flush();
        });
        List<String> failures = new ArrayList<>();
        try (Bench bench = new Bench(options, rows)) {
            for (Map.Entry<String, Scenario> scenario : chosen.entrySet()) {
                run(bench, scenario, failures);
            }
        }
        spec.commandLine().getOut().print(rows.text());
        spec.commandLine().getOut().flush();
        if (json.isPresent()) {
            Files.writeString(json.get(), report(options, rows).encodePrettily() + "\n");
        }
        failures.forEach(progress::println);
        progress.flush();
        return failures.isEmpty() ? 0 : 1;
    }

    /** One scenario that cannot be carried out does not keep the others from it. */
    private static void run(Bench bench, Map.Entry<String, Scenario> scenario, List<String> failures)
            throws InterruptedException {
        try {
            scenario.getValue().run(bench);
        } catch (IOException | RuntimeException e) {
            failures.add(scenario.getKey() + " failed: " + e.getMessage());
            bench.rows().add(Row.of(scenario.getKey(), 0, "").note("failed, see below"));
        }
    }

    private Options options() {
        try {
            return new Options(
                    seconds,
                    connections,
                    size,
                    chainLength,
                    data.orElse(Path.of(System.getProperty("java.io.tmpdir"))),
                    postgres);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
    }

    private Map<String, Scenario> chosen(Options options) {
        Map<String, Scenario> known = scenarios();
        Map<String, Scenario> chosen = new LinkedHashMap<>();
        for (String name : names.isEmpty() ? List.of(ALL) : names) {
            if (name.equals(ALL)) {
                chosen.putAll(known);
            } else if (known.containsKey(name)) {
                chosen.put(name, known.get(name));
            } else {
                throw new ParameterException(
                        spec.commandLine(), "unknown scenario " + name + "; known are all, " + known.keySet());
            }
        }
        options.postgres().ifPresent(url -> chosen.put("postgres", new PostgresScenario(url)));
        return chosen;
    }

    private static Map<String, Scenario> scenarios() {
        Map<String, Scenario> known = new LinkedHashMap<>();
        known.put("inject", new InjectScenario());
        known.put("batch", new BatchScenario());
        known.put("leap", new LeapScenario());
        known.put("read", new ReadScenario());
        known.put("sync", new SyncScenario());
        known.put("startup", new StartupScenario());
        known.put("growth", new GrowthScenario());
        known.put("overload", new OverloadScenario());
        return known;
    }

    private static JsonObject report(Options options, Rows rows) {
        JsonObject asked = new JsonObject()
                .put("seconds", options.seconds())
                .put("connections", options.connections())
                .put("size", options.size())
                .put("chainLength", options.chainLength());
        JsonObject machine = new JsonObject()
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.vm.version"))
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return new JsonObject().put("options", asked).put("machine", machine).mergeIn(rows.json());
    }
}
