package io.qbc.node;

import io.qbc.api.tls.ServerTls;
import io.qbc.api.tls.TlsVerticle;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.cluster.ClusterMember;
import io.qbc.front.FrontVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A front end as a process: from the configuration to one that serves, and from a signal to a clean end. */
public final class FrontDaemon {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDaemon.class);
    private static final int FAILED = 1;

    private final PrintWriter err;

    public FrontDaemon(PrintWriter err) {
        this.err = err;
    }

    /** Starts a front end and gives 0 when it serves; otherwise says why in one line and gives the exit code. */
    public int launch(Optional<Path> conf, List<Flag> flags) {
        MemoryExhausted.install();
        NodeConfig config = Addresses.withPort(ConfigReader.read(Path.of(""), conf, System.getenv(), flags));
        if (!config.cluster().enabled()) {
            throw new ConfigException(
                    "cluster.enabled must be true for a front end, which finds its nodes in a cluster;"
                            + " set it, and cluster.members, in conf/node.yaml or as QBC_CLUSTER_ENABLED and"
                            + " QBC_CLUSTER_MEMBERS");
        }
        Addresses.requireAuthorities(config);
        SerialFilter.permitFailures();
        ClusterMember member = ClusterMember.of(config.cluster());
        Vertx vertx = Node.clustered(config.cluster(), member, new JsonObject());
        Thread stop = new Thread(() -> stop(vertx, config.stopTimeout().toMillis()), "qbc-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            await(start(vertx, config, member));
            LOG.info(
                    "QBC {} is a front end at {} of the cluster {}; try: curl {}/health/ready",
                    Version.text(),
                    Addresses.local(config),
                    member.cluster(),
                    Addresses.local(config));
            return 0;
        } catch (ExecutionException e) {
            LOG.debug("the front end did not start", e);
            err.println("qbc front: " + e.getCause().getMessage());
            Runtime.getRuntime().removeShutdownHook(stop);
            vertx.close().toCompletionStage().toCompletableFuture().join();
            return FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    /** TLS first, so that a server has its certificate. */
    private static Future<?> start(Vertx vertx, NodeConfig config, ClusterMember member) {
        ServerTls tls = new ServerTls(config, InstantSource.system());
        return vertx.deployVerticle(new TlsVerticle(tls, InstantSource.system()))
                .compose(secured -> vertx.deployVerticle(
                        FrontVerticle.of(config, tls, member),
                        new DeploymentOptions().setInstances(Wiring.instances(config.http()))));
    }

    private static void await(Future<?> future) throws ExecutionException, InterruptedException {
        future.toCompletionStage().toCompletableFuture().get();
    }

    private static void stop(Vertx vertx, long millis) {
        LOG.info("stopping");
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
            LOG.info("stopped");
            Runtime.getRuntime().halt(0);
        } catch (TimeoutException | ExecutionException | InterruptedException e) {
            LOG.error("the front end did not stop cleanly: {}", e.toString());
        }
        Runtime.getRuntime().halt(FAILED);
    }
}
