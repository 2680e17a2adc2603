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

/** What a thousand chains cost in which nothing happens, beside one, and a thousand subscriptions to one. */
public final class ChainsScenario implements Scenario {
    private static final int CHAINS = 1000;
    private static final int SUBSCRIPTIONS = 1000;
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
        bench.rows()
                .add(Row.of("one idle chain", one.usage().rss(), "MiB")
                        .usage(one.usage())
                        .note(one.files() + " file handles"));
        add(bench, "idle chains", one, idle(setup));
        Setup subscribed = bench.setup("subscriptions");
        try (NodeUnderTest node = NodeUnderTest.start(subscribed)) {
            for (int i = 0; i < SUBSCRIPTIONS; i++) {
                node.api().put("/v1/chains/main/subscriptions/idle-" + i, subscription(i));
            }
            node.stop();
        }
        add(bench, "idle subscriptions", one, idle(subscribed));
    }

    /** A thousand of something, beside none. */
    private static void add(Bench bench, String what, Idle one, Idle all) {
        double memory = all.usage().rss() - one.usage().rss();
        long files = all.files() - one.files();
        double cpu = all.usage().cpu() - one.usage().cpu();
        bench.rows()
                .add(Row.of("1,000 " + what + " more", memory, "MiB")
                        .usage(all.usage())
                        .note(files + " file handles more"));
        bench.rows().add(Bar.below("7 " + what + ", cpu above one", cpu, 1, "% of a core"));
        bench.rows().add(Bar.below("7 " + what + ", memory above one", memory, 100, "MiB"));
        bench.rows().add(Bar.below("7 " + what + ", file handles above one", (double) files, 10, "for all 1,000"));
    }

    /** Half of them are webhooks that have nothing to deliver. */
    private static JsonObject subscription(int n) {
        JsonObject deliver = n % 2 == 0
                ? new JsonObject().put("kind", "pull")
                : new JsonObject().put("kind", "webhook").put("url", "http://127.0.0.1:9/" + n);
        return new JsonObject().put("from", "newest").put("deliver", deliver);
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
