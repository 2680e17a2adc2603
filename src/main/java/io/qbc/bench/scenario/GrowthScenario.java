package io.qbc.bench.scenario;

import io.qbc.bench.load.Http;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.Requests;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Medians;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What an injection, a leap, the statistics and a read cost on a short and on a long chain. */
public final class GrowthScenario implements Scenario {
    private static final List<Long> LENGTHS = List.of(10_000L, 1_000_000L, 10_000_000L);
    private static final double GROWTH_FACTOR_MAX = 1.3;
    private static final int LEAPS = 7;
    private static final int LEAP_BATCHES = 10;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        TreeSet<Long> lengths = new TreeSet<>(LENGTHS);
        lengths.add(bench.options().chainLength());
        lengths.removeIf(length -> length > bench.options().chainLength());
        Setup setup = bench.setup("growth").leapOnRequest().pool(2_000_000);
        List<Map<String, Double>> costs = new ArrayList<>();
        for (long length : lengths) {
            try (NodeUnderTest node = NodeUnderTest.start(setup)) {
                LongChain.grow(bench.payloads(), node, length, LongChain.QUANT_TRANSACTIONS);
                node.stop();
            }
            // Each length in a fresh process, so that all are equally warm.
            try (NodeUnderTest node = NodeUnderTest.start(setup)) {
                costs.add(costs(bench, node, length));
                node.stop();
            }
        }
        Map<String, Double> shortest = costs.get(0);
        Map<String, Double> longest = costs.get(costs.size() - 1);
        longest.forEach((name, cost) -> bench.rows()
                .add(Bar.below(
                        "5 " + name + " at " + lengths.last(), cost / shortest.get(name), GROWTH_FACTOR_MAX, "times")));
    }

    /** Seconds that each thing takes; what makes the chain longer comes last. */
    private static Map<String, Double> costs(Bench bench, NodeUnderTest node, long length)
            throws IOException, InterruptedException {
        String at = " at " + Table.number(length);
        Map<String, Double> costs = new LinkedHashMap<>();
        Requests statistics = Requests.fixed(Http.get("/stats"));
        costs.put("stats", 1 / rate(bench, node, "stats" + at, "reads/s", statistics));
        costs.put(
                "read",
                1 / rate(bench, node, "read by id" + at, "reads/s", LongChain.pointReads(LongChain.sample(node))));
        costs.put("leap", leap(bench, node, at));
        Requests single = bench.payloads().single();
        costs.put("inject", 1 / rate(bench, node, "inject" + at, "transactions/s", single));
        node.api().leap();
        return costs;
    }

    private static double rate(Bench bench, NodeUnderTest node, String name, String unit, Requests requests)
            throws IOException {
        Duration time = Duration.ofSeconds(Math.min(5, bench.options().seconds()));
        Load load = Load.closed(node.port(), bench.options().connections(), requests, time);
        bench.warmUp(load);
        Measured measured = bench.measure(node.pid(), load);
        bench.rows().add(measured.row(name, unit));
        return measured.report().rate();
    }

    private static double leap(Bench bench, NodeUnderTest node, String at) throws IOException, InterruptedException {
        List<Double> seconds = new ArrayList<>();
        try (UsageWatch watch = new UsageWatch(node.pid())) {
            for (int i = 0; i < LEAPS; i++) {
                LongChain.fill(bench.payloads(), node, 0, LEAP_BATCHES);
                long begin = System.nanoTime();
                node.api().leap();
                seconds.add((System.nanoTime() - begin) / 1e9);
            }
            double median = Medians.of(seconds);
            bench.rows()
                    .add(Row.of("leap of 10,000" + at, median * 1000, "ms")
                            .usage(watch.usage())
                            .note("median of " + LEAPS));
            return median;
        }
    }
}
