package io.qbc.bench.scenario;

import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.ProcessStats;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Usage;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;

/** What a thousand chains cost in which nothing happens, beside one. */
public final class ChainsScenario implements Scenario {
    private static final int CHAINS = 1000;
    private static final Duration SETTLING = Duration.ofSeconds(15);
    private static final Duration WATCHED = Duration.ofSeconds(15);

    private record Idle(Usage usage, long files) {}

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Setup setup = bench.setup("chains");
        Idle one = idle(setup);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            long begin = System.nanoTime();
            for (int i = 0; i < CHAINS; i++) {
                node.api().bang(spec(i));
            }
            double seconds = (System.nanoTime() - begin) / 1e9;
            bench.rows().add(Row.of("making chains, one by one", CHAINS / seconds, "chains/s"));
            node.stop();
        }
        // In a fresh process again, as what making them left on the heap is not their cost.
        Idle all = idle(setup);
        double memory = all.usage().rss() - one.usage().rss();
        long files = all.files() - one.files();
        bench.rows()
                .add(Row.of("one idle chain", one.usage().rss(), "MiB")
                        .usage(one.usage())
                        .note(one.files() + " file handles"));
        bench.rows()
                .add(Row.of("1,000 idle chains more", memory, "MiB")
                        .usage(all.usage())
                        .note(files + " file handles more"));
        bench.rows()
                .add(Bar.below(
                        "7 idle chains, cpu above one",
                        all.usage().cpu() - one.usage().cpu(),
                        1,
                        "% of a core"));
        bench.rows().add(Bar.below("7 idle chains, memory above one", memory, 100, "MiB"));
        bench.rows().add(Bar.below("7 idle chains, file handles above one", (double) files, 10, "for all 1,000"));
    }

    private static Idle idle(Setup setup) throws IOException, InterruptedException {
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Bench.settle(SETTLING);
            try (UsageWatch watch = new UsageWatch(node.pid())) {
                Bench.settle(WATCHED);
                Idle idle = new Idle(watch.usage(), ProcessStats.files(node.pid()));
                node.stop();
                return idle;
            }
        }
    }

    private static JsonObject spec(int n) {
        return new JsonObject()
                .put("name", "idle-" + n)
                .put("genesisTime", "2026-11-22T00:00:00Z")
                .put("consensus", new JsonObject().put("engine", "dbc"));
    }
}
