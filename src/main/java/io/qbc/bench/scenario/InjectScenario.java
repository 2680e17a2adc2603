package io.qbc.bench.scenario;

import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.time.Duration;

/** One request a transaction, acknowledged when durable. */
public final class InjectScenario implements Scenario {
    private static final double STEADY_LOAD_FACTOR = 0.7;
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration REHEARSAL = Duration.ofSeconds(4);

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        double ceiling = bench.ceiling();
        Setup setup = bench.asWanted(bench.setup("inject").pool(1_000_000));
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Load load = load(bench, node, bench.options().time());
            double rate = closed(bench, node, load, ceiling);
            bench.injectRate(rate);
            bench.rows().add(Bar.atLeast("1 inject, of the echo", rate / ceiling, 0.45, ""));
            Load timetable = load.at(STEADY_LOAD_FACTOR * rate).settled(SETTLING);
            // The generator's own code for a timetable is to be compiled too.
            LoadGenerator.run(timetable.lasting(REHEARSAL));
            Measured steady = bench.measure(node.pid(), timetable);
            bench.rows().add(steady.row(name(bench, "open loop at 70 %"), "transactions/s"));
            double p99 = Latency.of(steady.report().latencies()).p99();
            bench.rows().add(Bar.below("1 inject, p99 at 70 % load", p99, 25, "ms"));
            node.stop();
        }
        alone(bench, ceiling);
    }

    private static double closed(Bench bench, NodeUnderTest node, Load load, double ceiling)
            throws IOException, InterruptedException {
        long warm = bench.warmUp(load);
        Measured full = bench.measure(node.pid(), load);
        double rate = full.report().rate();
        long lost = warm + full.report().accepted() - node.api().kept();
        Row row = full.row(name(bench, "closed loop"), "transactions/s").ratio(rate / ceiling);
        bench.rows().add(lost == 0 ? row : row.note(lost + " acknowledged are not there; " + row.note()));
        return rate;
    }

    /** The same while nothing is sealed, to see what the leaps cost. */
    private static void alone(Bench bench, double ceiling) throws IOException, InterruptedException {
        Setup setup = bench.asWanted(bench.setup("inject-alone").leapOnRequest().pool(2_000_000));
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            int seconds = Math.min(5, bench.options().seconds());
            Load load = load(bench, node, Duration.ofSeconds(seconds));
            bench.warmUp(load);
            Measured full = bench.measure(node.pid(), load);
            bench.rows()
                    .add(full.row(name(bench, "closed loop, no leaps"), "transactions/s")
                            .ratio(full.report().rate() / ceiling));
            node.stop();
        }
    }

    private static String name(Bench bench, String how) {
        return (bench.options().keyed() ? "inject with a key, " : "inject, ") + how;
    }

    private static Load load(Bench bench, NodeUnderTest node, Duration time) {
        return Load.closed(
                node.port(), bench.options().connections(), bench.payloads().single(node.key()), time);
    }
}
