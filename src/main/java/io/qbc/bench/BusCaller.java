package io.qbc.bench;

import io.qbc.bench.load.BusLoad;
import io.qbc.bench.load.Payloads;
import io.qbc.bench.load.WarmUp;
import io.qbc.bench.scenario.BusCalls;
import io.qbc.config.ClusterConfig;
import io.qbc.eventbus.cluster.BusOptions;
import io.qbc.eventbus.cluster.ClusterMember;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.OptionalDouble;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A service in a process of its own that is a member of the cluster and injects over the event bus. */
final class BusCaller {
    private static final long JOIN_SECONDS = 60;

    private BusCaller() {}

    /** Injects until it gets no faster, then for so long, then at half of that rate; prints one line of JSON. */
    static int print(BusCalls calls, PrintWriter out)
            throws InterruptedException, ExecutionException, TimeoutException {
        ClusterConfig cluster = new ClusterConfig(
                true, calls.cluster(), "127.0.0.1", calls.port(), 0, calls.members(), "", ClusterConfig.Tls.NONE);
        Vertx vertx = await(
                Vertx.builder()
                        .with(new VertxOptions().setEventBusOptions(BusOptions.of(cluster)))
                        .withClusterManager(ClusterMember.of(cluster))
                        .buildClustered(),
                JOIN_SECONDS);
        try {
            BusLoad load = new BusLoad(vertx, new Payloads(calls.size()), calls.chains(), calls.underWay());
            WarmUp warmUp = new WarmUp();
            while (warmUp.goesOn()) {
                warmUp.ran(run(load, WarmUp.ROUND, OptionalDouble.empty()).rate());
            }
            Duration time = Duration.ofSeconds(calls.seconds());
            BusLoad.Outcome closed = run(load, time, OptionalDouble.empty());
            OptionalDouble half = OptionalDouble.of(Math.max(1, closed.rate() / 2));
            run(load, WarmUp.ROUND, half);
            BusLoad.Outcome steady = run(load, time, half);
            out.println(new JsonObject()
                    .put("closed", closed.json())
                    .put("half", steady.json())
                    .encode());
            out.flush();
        } finally {
            await(vertx.close(), JOIN_SECONDS);
        }
        return 0;
    }

    private static BusLoad.Outcome run(BusLoad load, Duration time, OptionalDouble rate)
            throws InterruptedException, ExecutionException, TimeoutException {
        return await(load.run(time, rate), time.toSeconds() + JOIN_SECONDS);
    }

    private static <T> T await(Future<T> future, long seconds)
            throws InterruptedException, ExecutionException, TimeoutException {
        return future.toCompletionStage().toCompletableFuture().get(seconds, TimeUnit.SECONDS);
    }
}
