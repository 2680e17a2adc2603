package io.qbc.bench.scenario;

import io.qbc.bench.load.Http;
import io.qbc.bench.load.Load;
import io.qbc.bench.load.LoadGenerator;
import io.qbc.bench.load.Payloads;
import io.qbc.bench.process.NodeUnderTest;
import io.qbc.bench.process.NodeUnderTest.Setup;
import io.qbc.bench.process.UsageWatch;
import io.qbc.bench.report.Bar;
import io.qbc.bench.report.Latency;
import io.qbc.bench.report.Row;
import io.qbc.bench.report.Table;
import io.qbc.bench.scenario.Bench.Measured;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.HdrHistogram.Histogram;

/** A chain kept as tables: how fast it catches up, how far it is behind, and what that costs those who inject. */
public final class ProjectionScenario implements Scenario {
    private static final long LENGTH_MAX = 200_000;
    /** As a node leaps that is configured as shipped. */
    private static final int QUANT_TRANSACTIONS = 10_000;

    private static final double STEADY_PER_SECOND = 5000;
    /** So that five quants come in a second, and the lag of each is seen. */
    private static final int STEADY_QUANT_TRANSACTIONS = 1000;

    private static final double LEAST_RATIO = 0.9;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final Duration REHEARSAL = Duration.ofSeconds(4);
    /** Numbers of probes, which no load reaches. */
    private static final long PROBES_FROM = 1L << 40;

    @Override
    public void run(Bench bench) throws IOException, InterruptedException {
        Payloads payloads = Payloads.typed(bench.options().size(), BenchProjection.TYPE);
        Optional<PostgresAccess> postgres = bench.options().postgres();
        Optional<JsonObject> target = postgres.map(PostgresAccess::target);
        catchUp(bench, payloads, postgres.flatMap(PostgresAccess::secrets), target);
        lag(bench, payloads);
        beside(bench, payloads);
    }

    private static void catchUp(Bench bench, Payloads payloads, Optional<Path> secrets, Optional<JsonObject> target)
            throws IOException, InterruptedException {
        Setup fresh = bench.setup("projection").leapOnRequest().pool(1_000_000);
        Setup setup = secrets.map(directory -> fresh.set("QBC_PROJECTIONS_SECRETS", directory))
                .orElse(fresh);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            long length = LongChain.grow(
                    payloads, node, Math.min(LENGTH_MAX, bench.options().chainLength()), QUANT_TRANSACTIONS);
            catchUp(bench, node, "embedded", BenchProjection.EMBEDDED, length);
            if (target.isPresent()) {
                catchUp(bench, node, "postgresql", target.get(), length);
            }
            node.stop();
        }
    }

    /** Twice: the first time much of the code is not compiled yet. */
    private static void catchUp(Bench bench, NodeUnderTest node, String name, JsonObject target, long length)
            throws IOException, InterruptedException {
        double cold = length / seconds(node, target, length);
        try (UsageWatch watch = new UsageWatch(node.pid())) {
            double warm = length / seconds(node, target, length);
            bench.rows()
                    .add(Row.of("projection catches up, " + name, warm, "transactions/s")
                            .usage(watch.usage())
                            .note(Table.number(length) + " transactions; the first time " + Table.number(cold)));
        }
    }

    private static double seconds(NodeUnderTest node, JsonObject target, long length)
            throws IOException, InterruptedException {
        BenchProjection projection = new BenchProjection(node);
        long begin = System.nanoTime();
        projection.put(target);
        projection.await(length);
        double seconds = (System.nanoTime() - begin) / 1e9;
        projection.remove();
        return seconds;
    }

    private static void lag(Bench bench, Payloads payloads) throws IOException, InterruptedException {
        Setup setup =
                bench.setup("projection-lag").pool(1_000_000).set("QBC_LEAP_TRANSACTIONS", STEADY_QUANT_TRANSACTIONS);
        try (NodeUnderTest node = NodeUnderTest.start(setup)) {
            Load load = load(bench, node, payloads).at(STEADY_PER_SECOND).settled(SETTLING);
            LoadGenerator.run(load.lasting(REHEARSAL));
            Measured alone = bench.measure(node.pid(), load);
            bench.rows().add(alone.row("inject without a projection, open loop", "transactions/s"));
            BenchProjection projection = new BenchProjection(node);
            projection.put(BenchProjection.EMBEDDED);
            projection.await(node.api().committed());
            LoadGenerator.run(load.lasting(REHEARSAL));
            AtomicBoolean over = new AtomicBoolean();
            CompletableFuture<Measured> loading = CompletableFuture.supplyAsync(() -> measured(bench, node, load))
                    .whenComplete((report, failure) -> over.set(true));
            Histogram lags = probes(node, payloads, over);
            Measured measured = loading.join();
            bench.rows()
                    .add(Row.of(
                                    "projection lag, commit to readable row",
                                    Latency.of(lags).p99(),
                                    "ms")
                            .latency(Latency.of(lags))
                            .note("p99 of " + lags.getTotalCount() + " quants of "
                                    + Table.number(STEADY_QUANT_TRANSACTIONS)));
            bench.rows().add(measured.row("inject beside a projection, open loop", "transactions/s"));
            node.stop();
        }
    }

    /** One transaction after the other; of each, its quant's time and that of its row are waited for at once. */
    private static Histogram probes(NodeUnderTest node, Payloads payloads, AtomicBoolean over)
            throws IOException, InterruptedException {
        Histogram lags = new Histogram(3);
        byte[] body = new byte[payloads.size()];
        try {
            for (long n = PROBES_FROM; !over.get(); n++) {
                payloads.write(n, body, 0);
                String id = node.api().injected(new String(body, StandardCharsets.US_ASCII));
                String patience = "?wait=" + PATIENCE.toSeconds() + "s";
                CompletableFuture<Long> committed = node.api().answeredAt(Http.TRANSACTIONS + "/" + id + patience);
                CompletableFuture<Long> readable = node.api().answeredAt(BenchProjection.rowAfter(id, PATIENCE));
                lags.recordValue(Math.max(0, readable.get() - committed.get()));
            }
        } catch (ExecutionException e) {
            throw new IOException("a probe was not answered: " + e.getCause(), e);
        }
        return lags;
    }

    private static Measured measured(Bench bench, NodeUnderTest node, Load load) {
        try {
            return bench.measure(node.pid(), load);
        } catch (IOException e) {
            throw new CompletionException(e);
        }
    }

    /** A closed loop on a node without a projection, and on one with it. */
    private static void beside(Bench bench, Payloads payloads) throws IOException, InterruptedException {
        double without;
        try (NodeUnderTest node = NodeUnderTest.start(bench.setup("without").pool(1_000_000))) {
            Load load = load(bench, node, payloads);
            bench.warmUp(load);
            Measured measured = bench.measure(node.pid(), load);
            bench.rows().add(measured.row("inject without a projection, closed loop", "transactions/s"));
            without = measured.report().rate();
            node.stop();
        }
        try (NodeUnderTest node = NodeUnderTest.start(bench.setup("beside").pool(1_000_000))) {
            BenchProjection projection = new BenchProjection(node);
            projection.put(BenchProjection.EMBEDDED);
            Load load = load(bench, node, payloads);
            bench.warmUp(load);
            long before = projection.leaf();
            Measured measured = bench.measure(node.pid(), load);
            long leaf = projection.leaf();
            double kept = (leaf - before) / measured.report().seconds();
            long behind = node.api().committed() - leaf;
            Row row = measured.row("inject beside a projection, closed loop", "transactions/s");
            bench.rows()
                    .add(row.note((row.note() + " tables " + Table.number(kept) + "/s, behind "
                                    + Table.number(Math.max(0, behind)))
                            .strip()));
            double ratio = measured.report().rate() / without;
            bench.rows().add(Bar.atLeast("inject beside a projection", ratio, LEAST_RATIO, "of without"));
            node.stop();
        }
    }

    private static Load load(Bench bench, NodeUnderTest node, Payloads payloads) {
        return Load.closed(
                node.port(),
                bench.options().connections(),
                payloads.single(),
                bench.options().time());
    }
}
