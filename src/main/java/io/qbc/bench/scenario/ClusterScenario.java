package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Http;
import io.qbc.bench.load.Load;
import io.qbc.bench.process.Child;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Usage;
import io.qbc.bench.scenario.Bench.Measured;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the clustered event bus costs: injects from another process over it beside REST, front ends beside the node
 * itself, many chains over three nodes beside one, a cluster in which nothing happens. Nodes and callers share the
 * cores of one machine.
 */
public final class ClusterScenario implements Scenario {
    private static final String CLUSTER = "bench";
    private static final String MAIN = "main";
    private static final int NODES = 3;
    private static final int CHAINS = 64;
    private static final long CALLER_SECONDS = 180;
    private static final Duration SETTLING = Duration.ofSeconds(10);
    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final double RATE_BAR = 0.7;
    private static final double P99_BAR_MILLIS = 10;

    private record Idle(double startSeconds, Usage usage) {}

    /** What the caller found. */
    private record Found(double rate, Latency closed, Latency half, String trouble) {
        static Found of(JsonObject report) {
            JsonObject closed = report.getJsonObject("closed");
            JsonObject half = report.getJsonObject("half");
            long failed = closed.getLong("failed") + half.getLong("failed");
            String trouble = failed == 0 ? "" : failed + " failed";
            long late = half.getLong("late");
            return new Found(
                    closed.getDouble("rate"),
                    latency(closed),
                    latency(half),
                    late == 0 ? trouble : (trouble + " " + late + " late").strip());
        }

        private static Latency latency(JsonObject of) {
            return new Latency(of.getDouble("p50"), of.getDouble("p99"), of.getDouble("p999"));
        }
    }

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        idle(bench);
        double rest = rest(bench);
        bus(bench, rest);
        FrontEnds.run(bench, rest);
        spread(bench);
    }

    private static void idle(Bench bench) throws IOException, InterruptedException {
        Idle without = idle(open(bench, "no-cluster"));
        Idle with = idle(member(bench, "idle", Child.freePort(), List.of()));
        bench.rows()
                .add(Row.of("start without a cluster", without.startSeconds(), "s")
                        .usage(without.usage()));
        bench.rows()
                .add(Row.of("start as a cluster of one", with.startSeconds(), "s")
                        .usage(with.usage()));
        bench.rows()
                .add(Row.of(
                                "an idle cluster more",
                                with.usage().cpu() - without.usage().cpu(),
                                "% of a core")
                        .note(Math.round(with.usage().rss() - without.usage().rss()) + " MiB more"));
    }

    private static Idle idle(Setup setup) throws IOException, InterruptedException {
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Bench.settle(SETTLING);
            try (UsageWatch watch = new UsageWatch(node.pid())) {
                Bench.settle(WATCHED);
                Idle idle = new Idle(node.startSeconds(), watch.usage());
                node.stop();
                return idle;
            }
        }
    }

    private static void bus(Bench bench, double rest) throws IOException, InterruptedException {
        int port = Child.freePort();
        try (NodeUnderTest node = NodeUnderTest.start(member(bench, "bus", port, List.of()))) {
            Found found = call(bench, List.of(port), List.of(MAIN));
            bench.rows()
                    .add(Row.of("inject by the clustered bus, closed loop", found.rate(), "transactions/s")
                            .latency(found.closed())
                            .note(found.trouble()));
            bench.rows()
                    .add(Row.of("inject by the clustered bus, at half of it", found.rate() / 2, "transactions/s")
                            .latency(found.half()));
            bench.rows().add(Bar.atLeast("cluster, bus of REST", found.rate() / rest, RATE_BAR, ""));
            bench.rows().add(Bar.below("cluster, p99 at half", found.half().p99(), P99_BAR_MILLIS, "ms"));
            node.stop();
        }
    }

    static double rest(Bench bench) throws IOException, InterruptedException {
        try (NodeUnderTest node = NodeUnderTest.start(member(bench, "rest", Child.freePort(), List.of()))) {
            Load load = Load.closed(
                    node.port(),
                    bench.options().connections(),
                    bench.payloads().single(),
                    bench.options().time());
            bench.warmUp(load);
            Measured measured = bench.measure(node.pid(), load);
            bench.rows().add(measured.row("inject by REST, closed loop", "transactions/s"));
            node.stop();
            return measured.report().rate();
        }
    }

    private static void spread(Bench bench) throws IOException, InterruptedException {
        double one = spread(bench, 1);
        double three = spread(bench, NODES);
        bench.rows()
                .add(Row.of(CHAINS + " chains, three nodes of one", three / one, "")
                        .note("all on the same cores: what more machines would bring is not in it"));
    }

    /** Each chain is kept by one of so many nodes, and the caller does not know by which. */
    private static double spread(Bench bench, int count) throws IOException, InterruptedException {
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ports.add(Child.freePort());
        }
        List<NodeUnderTest> nodes = new ArrayList<>();
        try {
            for (int port : ports) {
                nodes.add(NodeUnderTest.start(member(bench, "spread" + count, port, ports)));
            }
            List<String> chains = new ArrayList<>();
            for (int i = 0; i < CHAINS; i++) {
                chains.add("orders-" + i);
                nodes.get(i % count).api().bang(spec("orders-" + i));
            }
            Found found = call(bench, ports, chains);
            String name = CHAINS + " chains on " + (count == 1 ? "one node" : count + " nodes") + ", by the bus";
            bench.rows()
                    .add(Row.of(name, found.rate(), "transactions/s")
                            .latency(found.closed())
                            .note(found.trouble()));
            for (NodeUnderTest node : nodes) {
                node.stop();
            }
            return found.rate();
        } finally {
            nodes.forEach(NodeUnderTest::close);
        }
    }

    private static Found call(Bench bench, List<Integer> ports, List<String> chains)
            throws IOException, InterruptedException {
        BusCalls calls = new BusCalls(
                CLUSTER,
                Child.freePort(),
                addresses(ports),
                chains,
                bench.options().connections(),
                bench.options().seconds(),
                bench.options().size());
        List<String> arguments = new ArrayList<>(List.of(Bench.BUS));
        arguments.addAll(calls.arguments());
        try (Child caller =
                Child.start("caller", bench.directory("caller"), List.of(Bench.HEAP), Map.of(), arguments)) {
            String output = caller.output(CALLER_SECONDS + 2L * bench.options().seconds());
            return output.lines()
                    .filter(line -> line.startsWith("{\"closed\""))
                    .map(line -> Found.of(new JsonObject(line)))
                    .findFirst()
                    .orElseThrow(() -> new BenchException("the caller reported nothing: " + output));
        }
    }

    private static List<String> addresses(List<Integer> ports) {
        return ports.stream().map(port -> Http.HOST + ":" + port).toList();
    }

    /** A node that trusts whoever reaches it, as a cluster does not take one that trusts its own machine. */
    private static Setup open(Bench bench, String name) throws IOException {
        return bench.setup(name).pool(1_000_000).set("QBC_ACCESS_MODE", "open");
    }

    static Setup member(Bench bench, String name, int port, List<Integer> members) throws IOException {
        return open(bench, name)
                .set("QBC_CLUSTER_ENABLED", true)
                .set("QBC_CLUSTER_NAME", CLUSTER)
                .set("QBC_CLUSTER_PORT", port)
                .set("QBC_CLUSTER_MEMBERS", String.join(",", addresses(members)));
    }

    private static JsonObject spec(String name) {
        return new JsonObject()
                .put("name", name)
                .put("genesisTime", "2026-11-22T00:00:00Z")
                .put("consensus", new JsonObject().put("engine", "dbc"));
    }
}
