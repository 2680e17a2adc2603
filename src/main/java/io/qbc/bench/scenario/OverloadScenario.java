package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.IdScanner;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadReport;
import io.qbc.bench.load.ResponseParser;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.scenario.Bench.Measured;
import io.qbc.model.Hash;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/** Twice the load that the node carries, and what becomes of what it accepted. */
public final class OverloadScenario implements Scenario {
    /** More than the requests that a node has in work as shipped. */
    private static final int CONNECTIONS = 2000;

    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration RECOVERY_MAX = Duration.ofSeconds(60);
    private static final Duration QUICK_ANSWER = Duration.ofMillis(100);

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Setup setup = bench.setup("overload");
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            List<Hash> acknowledged = new ArrayList<>();
            Load load = Load.closed(
                            node.port(),
                            bench.options().connections(),
                            bench.payloads().single(),
                            bench.options().time())
                    .telling(response -> collect(response, acknowledged));
            bench.warmUp(load);
            LoadReport normal = bench.measure(node.pid(), load).report();
            if (normal.accepted() == 0) {
                throw new BenchException("the node takes nothing even without overload: " + normal.trouble());
            }
            double carried = normal.rate();
            Load twice = load.over(CONNECTIONS).patient(PATIENCE);
            Measured over = bench.measure(node.pid(), twice.at(2 * carried));
            double recovery = recovery(bench, node);
            report(bench, carried, over, recovery);
            survivors(bench, node, acknowledged);
            node.stop();
        }
    }

    private static void collect(ResponseParser response, List<Hash> acknowledged) {
        if (response.status() / 100 == 2) {
            acknowledged.addAll(IdScanner.first(response.body(), 1));
        }
    }

    private static void report(Bench bench, double carried, Measured over, double recovery) {
        LoadReport report = over.report();
        String note = "offered " + Table.number(2 * carried) + "/s; not sent for want of a"
                + " connection " + report.unsent() + ", broken " + report.broken() + ", unanswered "
                + report.unanswered() + ", answers " + new TreeMap<>(report.statuses());
        bench.rows()
                .add(over.row("accepted at twice the load", "transactions/s").note(note));
        double p99 = Latency.of(report.latencies()).p99() / 1000;
        bench.rows().add(Bar.below("overload, p99 of the accepted", p99, 2, "s"));
        bench.rows().add(Bar.below("overload, other than 429 or 503", (double) report.faults(), 1, "answers"));
        bench.rows().add(Bar.below("overload, refused without Retry-After", (double) report.rude(), 1, "answers"));
        bench.rows().add(Row.of("recovery after overload", recovery, "s"));
        bench.rows().add(Bar.below("overload, recovery", recovery, 5, "s"));
    }

    /** Until the node is ready and injects quickly again. */
    private static double recovery(Bench bench, NodeUnderTest node) throws InterruptedException, IOException {
        byte[] body = new byte[bench.payloads().size()];
        long begin = System.nanoTime();
        while (System.nanoTime() - begin < RECOVERY_MAX.toNanos()) {
            long sent = System.nanoTime();
            bench.payloads().write(sent, body, 0);
            int status = node.api().inject(new String(body, StandardCharsets.US_ASCII));
            boolean quick = System.nanoTime() - sent < QUICK_ANSWER.toNanos();
            if (status == 202 && quick && node.api().status("/health/ready") == 200) {
                return (System.nanoTime() - begin) / 1e9;
            }
            node.expectAlive();
            Bench.settle(Duration.ofMillis(20));
        }
        return (double) RECOVERY_MAX.toSeconds();
    }

    /** Looks for every acknowledged id in the chain once all is sealed. */
    private static void survivors(Bench bench, NodeUnderTest node, List<Hash> acknowledged)
            throws IOException, InterruptedException {
        JsonObject pool = node.api().chain().getJsonObject("pool");
        while (pool.getLong("transactions") > 0) {
            node.api().leap();
            pool = node.api().chain().getJsonObject("pool");
        }
        Set<Hash> missing = new HashSet<>(acknowledged);
        long[] twice = new long[1];
        Set<Hash> seen = new HashSet<>(acknowledged.size() * 2);
        try (InputStream quants = node.api().quants()) {
            IdScanner.scan(quants, id -> {
                missing.remove(id);
                twice[0] += seen.add(id) ? 0 : 1;
            });
        }
        bench.rows()
                .add(Row.of("acknowledged and lost", missing.size(), "transactions")
                        .note("of " + acknowledged.size() + "; in the chain twice: " + twice[0]));
        bench.rows().add(Bar.below("overload, lost or twice", (double) (missing.size() + twice[0]), 1, "transactions"));
    }
}
