package io.qbc.bench.scenario;

import io.qbc.bench.load.Http;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.StreamReader;
import io.qbc.bench.load.StreamReader.Stream;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Medians;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.scenario.Bench.Measured;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Streams of a chain that does not fit the heap, and reads of single transactions. */
public final class ReadScenario implements Scenario {
    private static final int ROUNDS = 3;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final double LEAST_MB_PER_SECOND = 200;
    /** Half of the nodes' heap: what a stream needs must not grow with the chain. */
    private static final double HEAP_MIB = 128;

    /** A collection's line in the JVM's log ends like {@code 96M->31M(256M) 3.1ms}. */
    private static final Pattern COLLECTION = Pattern.compile("->(\\d+)M\\(\\d+M\\)");

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        double ceiling = bench.ceiling();
        LongChain chain = bench.longChain();
        Path collections = chain.setup().directory().resolve("gc.log");
        try (NodeUnderTest node = NodeUnderTest.start(chain.setup().jvm(Bench.HEAP, "-Xlog:gc:file=" + collections))) {
            stream(bench, node, "/json-chain", "application/json");
            stream(bench, node, Http.CHAIN + "/quants", "application/x-ndjson");
            double heap = heapAfterCollections(collections);
            bench.rows()
                    .add(Row.of("heap while streaming, after collections", heap, "MiB")
                            .note("most, of " + Bench.HEAP));
            bench.rows().add(Bar.below("4 streams, heap", heap, HEAP_MIB, "MiB"));
            points(bench, node, ceiling);
            node.stop();
        }
    }

    private static void stream(Bench bench, NodeUnderTest node, String path, String accept)
            throws IOException, InterruptedException {
        List<Double> speeds = new ArrayList<>();
        long bytes = 0;
        boolean whole = true;
        warmUp(node, path, accept);
        try (UsageWatch watch = new UsageWatch(node.pid())) {
            for (int i = 0; i < ROUNDS; i++) {
                Stream stream = StreamReader.read(node.port(), path, accept);
                node.expectAlive();
                speeds.add(stream.megabytesPerSecond());
                bytes = stream.bytes();
                whole &= stream.whole();
            }
            bench.rows()
                    .add(Row.of("stream " + path, Medians.of(speeds), "MB/s")
                            .usage(watch.usage())
                            .note(whole ? Table.number(bytes / 1e6) + " MB" : "did not end well"));
        }
        double figure = whole ? Medians.of(speeds) : 0;
        bench.rows().add(Bar.atLeast("4 stream " + path, figure, LEAST_MB_PER_SECOND, "MB/s"));
    }

    /** So that compiled code is measured, as with any other load. */
    private static void warmUp(NodeUnderTest node, String path, String accept) throws IOException {
        long until = System.nanoTime() + WARM_UP.toNanos();
        while (System.nanoTime() < until) {
            StreamReader.read(node.port(), path, accept);
            node.expectAlive();
        }
    }

    private static double heapAfterCollections(Path log) throws IOException {
        double most = 0;
        for (String line : Files.readAllLines(log)) {
            Matcher matcher = COLLECTION.matcher(line);
            if (matcher.find()) {
                most = Math.max(most, Double.parseDouble(matcher.group(1)));
            }
        }
        return most;
    }

    private static void points(Bench bench, NodeUnderTest node, double ceiling)
            throws IOException, InterruptedException {
        Load load = Load.closed(
                node.port(),
                bench.options().connections(),
                LongChain.pointReads(LongChain.sample(node)),
                bench.options().time());
        bench.warmUp(load);
        Measured measured = bench.measure(node.pid(), load);
        double ratio = measured.report().rate() / ceiling;
        bench.rows().add(measured.row("read one transaction by id", "reads/s").ratio(ratio));
        bench.rows().add(Bar.atLeast("4 point read, of the echo", ratio, 0.5, ""));
    }
}
