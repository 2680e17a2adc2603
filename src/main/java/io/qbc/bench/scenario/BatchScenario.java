package io.qbc.bench.scenario;

import io.qbc.bench.load.BenchException;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.Requests;
import io.qbc.bench.process.Child;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Newline-delimited batches of 1,000, beside the plain loop without HTTP or chain. */
public final class BatchScenario implements Scenario {
    private static final int CONNECTIONS = 8;
    private static final double LEAST_PER_SECOND = 200_000;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        double plain = plain(bench);
        bench.rows().add(Row.of("plain batch loop, no http, no chain", plain, "transactions/s"));
        Setup setup = bench.setup("batch")
                .pool(2_000_000)
                .set("QBC_LEAP_TRANSACTIONS", 100_000)
                .set("QBC_LEAP_BYTES", 0);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Requests batches = bench.payloads().batches(LongChain.BATCH_LINES);
            Load load = Load.closed(
                    node.port(), CONNECTIONS, batches, bench.options().time());
            long warm = bench.warmUp(load);
            Measured full = bench.measure(node.pid(), load);
            double rate = full.report().rate() * LongChain.BATCH_LINES;
            long lost = (warm + full.report().accepted()) * LongChain.BATCH_LINES
                    - node.api().kept();
            bench.rows()
                    .add(Row.of("inject in batches of 1,000", rate, "transactions/s")
                            .latency(Latency.of(full.report().latencies()))
                            .usage(full.usage())
                            .note(lost == 0 ? full.report().trouble() : lost + " acknowledged are not there"));
            bench.rows()
                    .add(Bar.atLeast(
                            "2 batches, transactions/s", rate, Math.min(LEAST_PER_SECOND, 0.9 * plain), "a second"));
            node.stop();
        }
    }

    private static double plain(Bench bench) throws IOException, InterruptedException {
        Path directory = bench.directory("loop");
        List<String> arguments = List.of(
                Bench.LOOP,
                "--data",
                directory.resolve("data").toString(),
                "--seconds",
                Integer.toString(bench.options().seconds()),
                "--size",
                Integer.toString(bench.options().size()));
        try (Child loop = Child.start("loop", directory, List.of(Bench.HEAP), Map.of(), arguments)) {
            String output = loop.output(bench.options().seconds() + 60L);
            int at = output.indexOf(PlainLoop.PREFIX);
            if (at < 0) {
                throw new BenchException("the plain loop said nothing: " + output);
            }
            return Double.parseDouble(output.substring(at + PlainLoop.PREFIX.length())
                    .lines()
                    .findFirst()
                    .orElseThrow());
        }
    }
}
