package io.qbc.bench.scenario;

import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.load.LoadReport;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** One caller at a hundred times the limit that each has, and what becomes of another that keeps its own. */
public final class FairnessScenario implements Scenario {
    /** Requests a second that each caller has, and at once. */
    private static final int LIMIT = 100;

    private static final int GREEDY_FACTOR = 100;
    private static final double MODEST_FACTOR = 0.5;
    private static final int MODEST_CONNECTIONS = 4;
    private static final int PERCENT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration WARM_UP = Duration.ofSeconds(4);

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Setup setup = bench.setup("fairness")
                .set("QBC_ACCESS_CALLER_RATE", LIMIT)
                .set("QBC_ACCESS_CALLER_BURST", LIMIT)
                .required();
        String greedy = setup.key("greedy", "writer");
        String modest = setup.key("modest", "writer");
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Load flood =
                    load(bench, node, greedy, bench.options().connections()).at(LIMIT * GREEDY_FACTOR);
            Load own = load(bench, node, modest, MODEST_CONNECTIONS).at(LIMIT * MODEST_FACTOR);
            LoadGenerator.run(flood.lasting(WARM_UP));
            CompletableFuture<LoadReport> flooding = CompletableFuture.supplyAsync(() -> run(flood));
            Measured measured = bench.measure(node.pid(), own);
            report(bench, measured, flooding.join());
            node.stop();
        }
    }

    private static Load load(Bench bench, NodeUnderTest node, String key, int connections) {
        return Load.closed(
                        node.port(),
                        connections,
                        bench.payloads().single(Optional.of(key)),
                        bench.options().time())
                .patient(PATIENCE);
    }

    private static LoadReport run(Load load) {
        try {
            return LoadGenerator.run(load);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void report(Bench bench, Measured measured, LoadReport greedy) {
        LoadReport modest = measured.report();
        double refused = greedy.status(429) / greedy.seconds();
        bench.rows()
                .add(Row.of("greedy caller, accepted", greedy.rate(), "transactions/s")
                        .note("offered " + LIMIT * GREEDY_FACTOR + "/s, refused " + Table.number(refused)
                                + "/s, without Retry-After " + greedy.rude() + ", not sent " + greedy.unsent()));
        bench.rows()
                .add(measured.row("modest caller, accepted", "transactions/s").latency(Latency.of(modest.latencies())));
        double success = PERCENT * modest.success();
        bench.rows()
                .add(Row.of("modest caller, success", success, "%")
                        .note("at " + (int) (PERCENT * MODEST_FACTOR) + " % of its limit"));
        bench.rows().add(Bar.atLeast("fairness, success of the modest caller", success, 99, "%"));
    }
}
