package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;

/** A fresh node takes a whole chain from a peer and checks everything: one of usual quants, and one of large ones. */
public final class SyncScenario implements Scenario {
    private static final double LEAST_PER_SECOND = 100_000;
    /** As a node leaps that is configured as shipped. */
    private static final int USUAL_QUANT_TRANSACTIONS = 10_000;

    private static final long SLOWEST_PER_SECOND = 2000;
    private static final Duration POLL = Duration.ofMillis(50);

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        LongChain usual =
                LongChain.build(bench, bench.setup("usual"), bench.options().chainLength(), USUAL_QUANT_TRANSACTIONS);
        double rate = catchUp(bench, usual, USUAL_QUANT_TRANSACTIONS);
        bench.rows().add(Bar.atLeast("6 catch-up", rate, LEAST_PER_SECOND, "transactions/s"));
        catchUp(bench, bench.longChain(), LongChain.QUANT_TRANSACTIONS);
    }

    private static double catchUp(Bench bench, LongChain chain, int quant) throws IOException, InterruptedException {
        try (NodeUnderTest giver = NodeUnderTest.start(chain.setup())) {
            long length = giver.api().committed();
            // The giver's own key stands in its spec, so the other node must be given that spec.
            JsonObject spec = giver.api().chain().getJsonObject("spec");
            Setup setup =
                    bench.setup("sync", spec).leapOnRequest().pool(1_000_000).flags("--peer", giver.address());
            try (NodeUnderTest taker = NodeUnderTest.start(setup);
                    UsageWatch watch = new UsageWatch(taker.pid());
                    UsageWatch other = new UsageWatch(giver.pid())) {
                double seconds = follow(taker, length);
                double rate = length / seconds;
                bench.rows()
                        .add(Row.of("catch-up of " + Table.number(length), rate, "transactions/s")
                                .usage(watch.usage())
                                .note("quants of " + Table.number(quant) + "; giver: cpu "
                                        + Table.number(other.usage().cpu()) + " %"));
                taker.stop();
                giver.stop();
                return rate;
            }
        }
    }

    private static double follow(NodeUnderTest taker, long length) throws IOException, InterruptedException {
        long begin = taker.answeredAt();
        long limit = Duration.ofSeconds(60 + length / SLOWEST_PER_SECOND).toNanos();
        long reached = taker.api().committed();
        while (reached < length) {
            if (System.nanoTime() - begin > limit) {
                throw new BenchException("the catch-up stands at " + reached + " of " + length);
            }
            taker.expectAlive();
            Bench.settle(POLL);
            reached = taker.api().committed();
        }
        return (System.nanoTime() - begin) / 1e9;
    }
}
