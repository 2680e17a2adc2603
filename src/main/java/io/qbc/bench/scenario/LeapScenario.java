package io.qbc.bench.scenario;

import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.load.LoadReport;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Medians;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.report.Usage;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;

/** A leap of 100,000 waiting transactions while others are injected. */
public final class LeapScenario implements Scenario {
    private static final int ROUNDS = 5;
    private static final int WAITING_TRANSACTIONS = 100_000;
    private static final double MEANWHILE_PER_SECOND = 2000;
    private static final Duration LOAD_TIME = Duration.ofSeconds(4);
    private static final Duration LEAD_TIME = Duration.ofSeconds(1);

    private final AtomicBoolean leaping = new AtomicBoolean();

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Setup setup = bench.setup("leap").leapOnRequest().pool(1_000_000);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            round(bench, node);
            List<Double> seconds = new ArrayList<>();
            Histogram meanwhile = new Histogram(3);
            try (UsageWatch watch = new UsageWatch(node.pid())) {
                for (int i = 0; i < ROUNDS; i++) {
                    Round round = round(bench, node);
                    seconds.add(round.seconds());
                    meanwhile.add(round.report().marked());
                }
                report(bench, seconds, meanwhile, watch.usage());
            }
            node.stop();
        }
    }

    private static void report(Bench bench, List<Double> seconds, Histogram meanwhile, Usage usage) {
        double worst = seconds.stream().mapToDouble(Double::doubleValue).max().orElseThrow();
        bench.rows()
                .add(Row.of("leap of 100,000, request to answer", Medians.of(seconds) * 1000, "ms")
                        .usage(usage)
                        .note("median of " + ROUNDS + ", worst " + Table.number(worst * 1000)));
        Latency latency = Latency.of(meanwhile);
        bench.rows()
                .add(Row.of("inject during a leap, open loop", MEANWHILE_PER_SECOND, "transactions/s")
                        .latency(latency)
                        .note(meanwhile.getTotalCount() + " answers, worst "
                                + Table.number(meanwhile.getMaxValue() / 1e6) + " ms"));
        bench.rows().add(Bar.below("3 leap of 100,000", worst, 1, "s"));
        bench.rows().add(Bar.below("3 inject meanwhile, p99", latency.p99(), 100, "ms"));
    }

    private record Round(double seconds, LoadReport report) {}

    private Round round(Bench bench, NodeUnderTest node) throws IOException, InterruptedException {
        node.api().leap();
        LongChain.fill(bench.payloads(), node, 0, WAITING_TRANSACTIONS / LongChain.BATCH_LINES);
        Load load = Load.closed(
                        node.port(),
                        bench.options().connections(),
                        bench.payloads().single(),
                        LOAD_TIME)
                .at(MEANWHILE_PER_SECOND)
                .marking(leaping::get);
        CompletableFuture<LoadReport> injecting = CompletableFuture.supplyAsync(() -> quietly(load));
        Bench.settle(LEAD_TIME);
        leaping.set(true);
        long begin = System.nanoTime();
        node.api().leap();
        double seconds = (System.nanoTime() - begin) / 1e9;
        // What was held up by the leap is answered right after it.
        Bench.settle(Duration.ofMillis(20));
        leaping.set(false);
        return new Round(seconds, injecting.join());
    }

    private static LoadReport quietly(Load load) {
        try {
            return LoadGenerator.run(load);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }
}
