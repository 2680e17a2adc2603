package io.qbc.bench.scenario;

import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.load.LoadReport;
import io.qbc.bench.load.Payloads;
import io.qbc.bench.load.WarmUp;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Rows;
import io.qbc.bench.report.Table;
import io.qbc.bench.report.Usage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all scenarios of one run share: options, findings, directories, the ceiling and the long chain. */
public final class Bench implements AutoCloseable {
    /** Memory of every node under test. */
    static final String HEAP = "-Xmx256m";
    /** The hidden commands for the processes that it starts of its own program. */
    public static final String ECHO = "bench-echo";

    public static final String LOOP = "bench-loop";

    public static final String BUS = "bench-bus";

    /** All callers of a bench are on one machine. */
    private static final String ADDRESS_PERCENT = "QBC_BUDGETS_ADDRESS_PERCENT";

    private static final String CALLER_PERCENT = "QBC_BUDGETS_CALLER_PERCENT";
    /** So high that it is counted and never reached. */
    private static final int RATE_MAX = 10_000_000;

    private static final double GENERATOR_CPU_PERCENT_MAX = 90;
    private static final Logger LOG = LoggerFactory.getLogger(Bench.class);

    private final Options options;
    private final Rows rows;
    private final Payloads payloads;
    private final Path work;
    private OptionalDouble ceiling = OptionalDouble.empty();
    private OptionalDouble injectRate = OptionalDouble.empty();
    private LongChain longChain;
    private int directories;

    public Bench(Options options, Rows rows) throws IOException {
        this.options = options;
        this.rows = rows;
        this.payloads = new Payloads(options.size());
        this.work = Files.createTempDirectory(Files.createDirectories(options.data()), "qbc-bench-")
                .toAbsolutePath();
        // Interrupted, too, it leaves nothing behind.
        Runtime.getRuntime().addShutdownHook(new Thread(this::abandon, "bench-clean"));
    }

    Options options() {
        return options;
    }

    public Rows rows() {
        return rows;
    }

    Payloads payloads() {
        return payloads;
    }

    /** Requests a second of the HTTP echo on this machine, measured at the first question. */
    double ceiling() throws IOException, InterruptedException {
        if (ceiling.isEmpty()) {
            ceiling = OptionalDouble.of(new EchoCeiling().measure(this));
        }
        return ceiling.getAsDouble();
    }

    /** Single injections a second that the node carries, if that was measured in this run. */
    OptionalDouble injectRate() {
        return injectRate;
    }

    void injectRate(double perSecond) {
        injectRate = OptionalDouble.of(perSecond);
    }

    /** A stopped node with a chain of the length asked for, made at the first question. */
    LongChain longChain() throws IOException, InterruptedException {
        if (longChain == null) {
            longChain = LongChain.build(this, setup("long"), options.chainLength(), LongChain.QUANT_TRANSACTIONS);
        }
        return longChain;
    }

    Path directory(String name) throws IOException {
        return Files.createDirectories(work.resolve(++directories + "-" + name));
    }

    /** A fresh node whose chain is under {@code dbc} with itself as the only participant. */
    Setup setup(String name) throws IOException {
        JsonObject spec = new JsonObject()
                .put("name", "main")
                .put("genesisTime", "2026-11-22T00:00:00Z")
                .put("consensus", new JsonObject().put("engine", "dbc"))
                .put(
                        "limits",
                        new JsonObject().put("quantTransactions", 200_000).put("quantBytes", 256 << 20));
        return setup(name, spec);
    }

    Setup setup(String name, JsonObject spec) throws IOException {
        Path directory = directory(name);
        Path chain = Files.writeString(directory.resolve("chain.json"), spec.encodePrettily());
        return new Setup(directory, chain, List.of(HEAP), Map.of(), List.of(), Optional.empty())
                .set(ADDRESS_PERCENT, 100)
                .set(CALLER_PERCENT, 100);
    }

    /** The same, demanding a credential if the user wants that; its requests are counted all the same. */
    Setup asWanted(Setup setup) throws IOException, InterruptedException {
        return options.keyed()
                ? setup.set("QBC_ACCESS_CALLER_RATE", RATE_MAX)
                        .set("QBC_ACCESS_CALLER_BURST", RATE_MAX)
                        .required()
                : setup;
    }

    /**
     * Lets the process get warm under a load until it gets no faster, so that compiled code is measured; gives how many
     * requests it accepted.
     */
    long warmUp(Load load) throws IOException {
        long accepted = 0;
        WarmUp warmUp = new WarmUp();
        while (warmUp.goesOn()) {
            LoadReport report = LoadGenerator.run(load.lasting(WarmUp.ROUND));
            accepted += report.accepted();
            warmUp.ran(report.rate());
        }
        return accepted;
    }

    /**
     * A load and what the process used under it.
     *
     * @param generator percent of a core that the generator used; near 100 it is the limit, and not the server
     */
    record Measured(LoadReport report, Usage usage, double generator) {
        /** A row of successes a second with percentiles and usage. */
        Row row(String name, String unit) {
            String limit =
                    generator > GENERATOR_CPU_PERCENT_MAX ? "the generator used " + Table.number(generator) + " %" : "";
            return Row.of(name, report.rate(), unit)
                    .latency(Latency.of(report.latencies()))
                    .usage(usage)
                    .note((report.trouble() + " " + limit).strip());
        }
    }

    Measured measure(long pid, Load load) throws IOException {
        try (UsageWatch watch = new UsageWatch(pid);
                UsageWatch own = new UsageWatch(ProcessHandle.current().pid())) {
            LoadReport report = LoadGenerator.run(load);
            return new Measured(report, watch.usage(), own.usage().cpu());
        }
    }

    /** A pause in which other threads and processes finish what they do. */
    static void settle(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        while (System.nanoTime() < until) {
            LockSupport.parkNanos(until - System.nanoTime());
        }
    }

    void forget(Path directory) throws IOException {
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private void abandon() {
        if (Files.exists(work)) {
            settle(Duration.ofMillis(500));
            try {
                forget(work);
            } catch (IOException e) {
                LOG.warn("{} could not be deleted: {}", work, e.toString());
            }
        }
    }

    @Override
    public void close() throws IOException {
        forget(work);
    }
}
