package io.qbc.node;

import io.qbc.api.ClusterMembership;
import io.qbc.config.AccessMode;
import io.qbc.config.ConfigException;
import io.qbc.config.ConfigReader;
import io.qbc.config.ConfigReader.Flag;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.cluster.ClusterMember;
import io.qbc.eventbus.cluster.Whereabouts;
import io.qbc.model.ChainSpec;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import io.qbc.persistence.PersistenceVerticle;
import io.qbc.tracing.otel.ExporterLog;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A node as a process: from the configuration to a running node, and from a signal to a clean end. */
public final class Daemon {
    private final PrintWriter err;
    private final Function<NodeParts, List<Stage>> wiring;

    public Daemon(PrintWriter err) {
        this(err, nodeParts -> TerminalVerticle.possible() ? Wiring.shown(nodeParts, err) : Wiring.of(nodeParts));
    }

    Daemon(PrintWriter err, Function<NodeParts, List<Stage>> wiring) {
        this.err = err;
        this.wiring = wiring;
    }

    /** Starts a node and gives 0 when it runs; otherwise says why in one line and gives the exit code. */
    public int launch(Optional<Path> conf, List<Flag> flags) {
        MemoryExhausted.install();
        // Loading Vert.x takes as long as all that comes before it is needed, so it runs beside that.
        CompletableFuture<Vertx> vertx = CompletableFuture.supplyAsync(Node::vertx);
        try {
            return launch(ConfigReader.read(Path.of(""), conf, System.getenv(), flags), vertx);
        } catch (ConfigException e) {
            vertx.thenCompose(made -> made.close().toCompletionStage()).join();
            throw e;
        }
    }

    private int launch(NodeConfig read, CompletableFuture<Vertx> vertx) {
        PersistenceVerticle.requireLibrary();
        NodeConfig config = Addresses.settled(read);
        boolean begins = Identity.isNew(config.data());
        Signer signer = Identity.open(config.data());
        DataPermissions.settle(config.data());
        if (begins) {
            FirstCallerKey.make(config).ifPresent(line -> {
                err.println(line);
                err.flush();
            });
        }
        Thread library = new Thread(() -> preload(config), "qbc-library");
        library.setDaemon(true);
        library.start();
        if (config.tracing().enabled()) {
            ExporterLog.silence();
        }
        ChainSpec chain = DefaultChain.read(config, signer.key());
        Home home = home(config, signer, vertx);
        NodeParts nodeParts = NodeParts.of(config, chain, signer, Machine.REAL, home.cluster());
        Node node = Node.of(home.vertx(), wiring.apply(nodeParts));
        Thread stop = new Thread(() -> stop(node, config.stopTimeout().toMillis()), "qbc-stop");
        Runtime.getRuntime().addShutdownHook(stop);
        try {
            node.start().toCompletionStage().toCompletableFuture().get();
            welcome(config, chain, damage(node, chain));
            return 0;
        } catch (ExecutionException e) {
            return complain(e.getCause(), config, stop);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return complain(e, config, stop);
        }
    }

    private record Home(Vertx vertx, ClusterMembership cluster) {}

    /** The Vertx that was made beside all else, or another one in its place where there is a cluster. */
    private static Home home(NodeConfig config, Signer signer, CompletableFuture<Vertx> vertx) {
        if (!config.cluster().enabled()) {
            return new Home(vertx.join(), ClusterMembership.NONE);
        }
        SerialFilter.permitFailures();
        ClusterMember member = ClusterMember.of(config.cluster());
        Vertx clustered = Node.clustered(
                config.cluster(), member, Whereabouts.told(signer.key().hex(), Addresses.advertised(config)));
        vertx.join().close();
        return new Home(clustered, member);
    }

    /** What fails here fails again where the store is opened, and is told there. */
    private static void preload(NodeConfig config) {
        try {
            PersistenceVerticle.loadLibrary(config);
        } catch (ConfigException e) {
            LoggerFactory.getLogger(Daemon.class).debug("the store's library was not loaded", e);
        }
    }

    /** A node whose store does not tell has none to tell of. */
    private static Optional<Refusal> damage(Node node, ChainSpec chain) {
        return node.damage(chain.id())
                .otherwise(Optional.empty())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private int complain(Throwable cause, NodeConfig config, Thread stop) {
        forget(stop);
        LoggerFactory.getLogger(Daemon.class).debug("the node did not start", cause);
        StartupError startupError = StartupError.of(cause, config);
        err.println("qbc: " + startupError.text());
        return startupError.code();
    }

    private static void forget(Thread stop) {
        try {
            Runtime.getRuntime().removeShutdownHook(stop);
        } catch (IllegalStateException e) {
            // The process is ending already, by a signal; the hook then has the last word.
            LoggerFactory.getLogger(Daemon.class).debug("stopped while starting", e);
        }
    }

    private static void welcome(NodeConfig config, ChainSpec chain, Optional<Refusal> damage) {
        String url = Addresses.local(config);
        Path data = config.data().toAbsolutePath().normalize();
        Logger log = LoggerFactory.getLogger(Daemon.class);
        damage.ifPresentOrElse(
                refusal -> log.warn(
                        "QBC {} is ready at {} without its chain {} {}, data in {}: {}",
                        Version.text(),
                        url,
                        chain.name(),
                        chain.id(),
                        data,
                        refusal.detail()),
                () -> log.info(
                        "QBC {} is ready at {} with chain {} {}, data in {}; try: {}",
                        Version.text(),
                        url,
                        chain.name(),
                        chain.id(),
                        data,
                        firstCall(config, url)));
    }

    /** A call that this node answers as it is configured, for a shell. */
    static String firstCall(NodeConfig config, String url) {
        String authority =
                config.http().tls().isOn() ? "--cacert " + config.http().tls().certificate() + " " : "";
        String key = config.access().mode() == AccessMode.REQUIRED ? "-H \"Authorization: Bearer $QBC_KEY\" " : "";
        return "curl " + authority + key + "-d data=hello " + url + "/inject";
    }

    /** Runs when the process is told to end; halting gives exit code 0 where a signal's own would be 143. */
    private static void stop(Node node, long millis) {
        Logger log = LoggerFactory.getLogger(Daemon.class);
        log.info("stopping");
        try {
            node.close().toCompletionStage().toCompletableFuture().get(millis, TimeUnit.MILLISECONDS);
            log.info("stopped");
            Runtime.getRuntime().halt(0);
        } catch (TimeoutException e) {
            log.error("something did not stop in {} ms (stopTimeout); what was acknowledged is safe", millis);
        } catch (ExecutionException | InterruptedException e) {
            log.error("the node did not stop cleanly", e);
        }
        Runtime.getRuntime().halt(1);
    }
}
