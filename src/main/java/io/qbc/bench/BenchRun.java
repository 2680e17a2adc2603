package io.qbc.bench;

import io.qbc.bench.report.Row;
import io.qbc.bench.report.Rows;
import io.qbc.bench.scenario.BatchScenario;
import io.qbc.bench.scenario.Bench;
import io.qbc.bench.scenario.ChainsScenario;
import io.qbc.bench.scenario.ClusterScenario;
import io.qbc.bench.scenario.FairnessScenario;
import io.qbc.bench.scenario.GrowthScenario;
import io.qbc.bench.scenario.InjectScenario;
import io.qbc.bench.scenario.LeapScenario;
import io.qbc.bench.scenario.Options;
import io.qbc.bench.scenario.OverloadScenario;
import io.qbc.bench.scenario.PostgresScenario;
import io.qbc.bench.scenario.ProjectionScenario;
import io.qbc.bench.scenario.ReadScenario;
import io.qbc.bench.scenario.Scenario;
import io.qbc.bench.scenario.StartupScenario;
import io.qbc.bench.scenario.SyncScenario;
import io.qbc.config.ConfigException;
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
import java.util.function.Supplier;

/** One run from the scenarios' names to the tables. */
final class BenchRun {
    private static final String ALL = "all";

    private final Options options;
    private final PrintWriter out;
    private final PrintWriter err;
    private final Map<String, Supplier<Scenario>> known = new LinkedHashMap<>();

    BenchRun(Options options, PrintWriter out, PrintWriter err) {
        this.options = options;
        this.out = out;
        this.err = err;
        known.put("inject", InjectScenario::new);
        known.put("batch", BatchScenario::new);
        known.put("leap", LeapScenario::new);
        known.put("read", ReadScenario::new);
        known.put("sync", SyncScenario::new);
        known.put("startup", StartupScenario::new);
        known.put("growth", GrowthScenario::new);
        known.put("chains", ChainsScenario::new);
        known.put("overload", OverloadScenario::new);
        known.put("fairness", FairnessScenario::new);
        known.put("projection", ProjectionScenario::new);
        known.put("cluster", ClusterScenario::new);
    }

    /** Carries the scenarios out and gives the exit code: 0, or 1 if one of them could not be carried out. */
    int run(List<String> names, Optional<Path> json) throws IOException, InterruptedException {
        Map<String, Scenario> chosen = chosen(names);
        Rows rows = new Rows(this::progress);
        List<String> failures = new ArrayList<>();
        try (Bench bench = new Bench(options, rows)) {
            for (Map.Entry<String, Scenario> scenario : chosen.entrySet()) {
                run(bench, scenario.getKey(), scenario.getValue(), failures);
            }
        }
        out.print(rows.text());
        out.flush();
        if (json.isPresent()) {
            Files.writeString(json.get(), report(rows).encodePrettily() + "\n");
        }
        failures.forEach(this::progress);
        return failures.isEmpty() ? 0 : 1;
    }

    private void progress(String line) {
        err.println(line);
        err.flush();
    }

    /** One scenario that cannot be carried out does not keep the others from it. */
    private static void run(Bench bench, String name, Scenario scenario, List<String> failures)
            throws InterruptedException {
        try {
            scenario.run(bench);
        } catch (IOException | RuntimeException e) {
            failures.add(name + " failed: " + e);
            bench.rows().add(Row.of(name, 0, "").note("failed, see below"));
        }
    }

    private Map<String, Scenario> chosen(List<String> names) {
        Map<String, Scenario> chosen = new LinkedHashMap<>();
        for (String name : names.isEmpty() ? List.of(ALL) : names) {
            if (!name.equals(ALL) && !known.containsKey(name)) {
                throw new ConfigException(
                        "unknown scenario " + name + "; there are all, " + String.join(", ", known.keySet()));
            }
            known.forEach((each, scenario) -> {
                if (name.equals(ALL) || name.equals(each)) {
                    chosen.put(each, scenario.get());
                }
            });
        }
        options.postgres().ifPresent(access -> chosen.put("postgres", new PostgresScenario(access)));
        return chosen;
    }

    private JsonObject report(Rows rows) {
        JsonObject asked = new JsonObject()
                .put("seconds", options.seconds())
                .put("connections", options.connections())
                .put("size", options.size())
                .put("keyed", options.keyed())
                .put("chainLength", options.chainLength());
        JsonObject machine = new JsonObject()
                .put("cores", Runtime.getRuntime().availableProcessors())
                .put("java", System.getProperty("java.vm.version"))
                .put("system", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        return new JsonObject().put("options", asked).put("machine", machine).mergeIn(rows.json());
    }
}
