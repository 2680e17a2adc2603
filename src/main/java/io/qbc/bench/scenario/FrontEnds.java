package io.qbc.bench.scenario;

import io.qbc.bench.load.Load;
import io.qbc.bench.process.Child;
import io.qbc.bench.process.FrontUnderTest;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What front ends cost: the same injects to two of them before a node, and to a node itself. */
final class FrontEnds {
    private static final int FRONTS = 2;
    private static final String HEAP = "-Xmx128m";

    private FrontEnds() {}

    /**
     * Measures them.
     *
     * @param direct injects a second of a node itself, with as many connections
     */
    static void run(Bench bench, double direct) throws IOException, InterruptedException {
        List<Integer> members = new ArrayList<>();
        for (int i = 0; i <= FRONTS; i++) {
            members.add(Child.freePort());
        }
        List<FrontUnderTest> fronts = new ArrayList<>();
        try (NodeUnderTest node =
                NodeUnderTest.start(ClusterScenario.member(bench, "behind", members.get(FRONTS), members))) {
            for (int member : members.subList(0, FRONTS)) {
                Setup setup = ClusterScenario.member(bench, "front", member, members);
                fronts.add(FrontUnderTest.start(setup.directory(), HEAP, setup.settings()));
            }
            measure(bench, direct, node, fronts);
            for (FrontUnderTest front : fronts) {
                front.stop();
            }
            node.stop();
        } finally {
            fronts.forEach(FrontUnderTest::close);
        }
    }

    private static void measure(Bench bench, double direct, NodeUnderTest node, List<FrontUnderTest> fronts)
            throws IOException {
        Load load = Load.closed(
                        node.port(),
                        bench.options().connections(),
                        bench.payloads().single(),
                        bench.options().time())
                .toward(fronts.stream().map(FrontUnderTest::port).toList());
        bench.warmUp(load);
        double rate;
        try (UsageWatch one = new UsageWatch(fronts.get(0).pid())) {
            Measured closed = bench.measure(node.pid(), load);
            rate = closed.report().rate();
            bench.rows().add(closed.row("inject by two front ends, closed loop", "transactions/s"));
            bench.rows()
                    .add(Row.of("one of the two front ends", rate / FRONTS, "transactions/s")
                            .usage(one.usage()));
        }
        Measured half = bench.measure(node.pid(), load.at(rate / 2));
        bench.rows()
                .add(Row.of(
                                "inject by two front ends, at half of it",
                                half.report().rate(),
                                "transactions/s")
                        .latency(Latency.of(half.report().latencies()))
                        .note(half.report().trouble()));
        bench.rows()
                .add(Row.of("two front ends of the node itself", rate / direct, "")
                        .note("all on the same cores: what more machines would bring is not in it"));
    }
}
