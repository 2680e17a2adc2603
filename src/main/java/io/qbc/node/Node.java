package io.qbc.node;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.DamagedChain;
import io.qbc.bus.Catalogue.FindDamage;
import io.qbc.bus.FatalError;
import io.qbc.config.ClusterConfig;
import io.qbc.config.ConfigException;
import io.qbc.eventbus.AddressBase;
import io.qbc.eventbus.cluster.BusOptions;
import io.qbc.eventbus.cluster.ClusterMember;
import io.qbc.eventbus.cluster.ClusterWatch;
import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.transport.Transport;
import java.time.Duration;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running node: the stages of it on a Vertx, which is its own or has others beside it. */
final class Node {
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(5);
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);

    /** What Netty and Vert.x take from the system's properties; a start with them is 150 ms faster. */
    private static final Map<String, String> SETTINGS = Map.of(
            // Netty's events for the flight recorder: to load them starts the recorder, at the first buffer.
            "io.netty.jfr.enabled", "false",
            // Names are looked up as the system does it; an own client of name servers is not needed.
            "vertx.disableDnsResolver", "true");

    private final Vertx vertx;
    private final List<Stage> stages;
    private final Home home;
    private final Deque<Deployed> deployed = new ConcurrentLinkedDeque<>();
    private final AtomicReference<Future<Void>> closed = new AtomicReference<>();

    /**
     * Without a context, as all that is told after the end: listeners on an event loop are not told once it has ended.
     */
    private final Promise<Void> started = Promise.promise();

    private final AtomicBoolean begun = new AtomicBoolean();
    /** Complete when no stage is being started any more. */
    private final Promise<Void> settled = Promise.promise();

    /** Why the start failed, told once everything is stopped again. */
    private volatile Throwable failure = new IllegalStateException("the node was stopped");

    private Node(Vertx vertx, List<Stage> stages, Home home) {
        this.vertx = vertx;
        this.stages = List.copyOf(stages);
        this.home = home;
    }

    /**
     * Where a node lives.
     *
     * @param own whether the Vertx ends with the node
     * @param scope with what the addresses of its internal messages begin
     * @param base with what its public addresses begin
     */
    record Home(boolean own, String scope, String base) {
        static final Home ALONE = new Home(true, "", AddressBase.USUAL);

        JsonObject config() {
            return new JsonObject().put(Bus.SCOPE, scope).put(AddressBase.SETTING, base);
        }
    }

    private record Deployed(String stage, String id) {}

    /** A node that does not run yet. */
    static Node of(Vertx vertx, List<Stage> stages) {
        return new Node(vertx, stages, Home.ALONE);
    }

    /** A node that does not run yet, on somebody's Vertx beside whatever else runs there. */
    static Node beside(Vertx vertx, List<Stage> stages, Home home) {
        Bus.install(vertx);
        return new Node(vertx, stages, home);
    }

    /** The Vertx for a node without a cluster. */
    static Vertx vertx() {
        return installed(builder(new VertxOptions()).build());
    }

    /**
     * The Vertx for a member of a cluster, which it joins. Blocks.
     *
     * @param told what it tells all members of itself
     */
    static Vertx clustered(ClusterConfig cluster, ClusterMember member, JsonObject told) {
        VertxOptions options =
                new VertxOptions().setEventBusOptions(BusOptions.of(cluster).setClusterNodeMetadata(told));
        try {
            Vertx vertx = builder(options)
                    .withClusterManager(member)
                    .buildClustered()
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            ClusterWatch.begin(vertx, member, cluster);
            return installed(vertx);
        } catch (CompletionException e) {
            throw new ConfigException("the node cannot join the cluster " + member.cluster() + " at " + cluster.host()
                    + ", cluster.port " + cluster.port() + ", cluster.busPort " + cluster.busPort() + ": "
                    + e.getCause().getMessage());
        }
    }

    private static VertxBuilder builder(VertxOptions options) {
        SETTINGS.forEach((key, value) -> System.setProperty(key, System.getProperty(key, value)));
        Transport transport = Transport.EPOLL.available() ? Transport.EPOLL : Transport.NIO;
        options.setEventLoopPoolSize(eventLoops())
                // Nothing is served out of the class path, so that no directory is needed to unpack it.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
        return Vertx.builder().with(options).withTransport(transport);
    }

    private static Vertx installed(Vertx vertx) {
        vertx.exceptionHandler(Node::unhandled);
        Bus.install(vertx);
        return vertx;
    }

    private static void unhandled(Throwable cause) {
        FatalError.raise(cause);
        LOG.warn("something was thrown that nobody handles", cause);
    }

    /** One for each core: nothing on them ever blocks, and each more would only mean more changes between threads. */
    private static int eventLoops() {
        return Math.max(2, Runtime.getRuntime().availableProcessors());
    }

    /** Starts the stages one after the other; if one fails, those before it are stopped again. */
    Future<Void> start() {
        begun.set(true);
        start(stages.iterator())
                .onComplete(done -> settled.complete())
                .onSuccess(started::tryComplete)
                .onFailure(this::undo);
        return started.future();
    }

    /**
     * Stops the stages, the last one first, each when the one after it is done; the same future at every call. A stage
     * that is being started is waited for: what it has open could not be closed under its hands.
     */
    Future<Void> close() {
        Promise<Void> done = Promise.promise();
        if (closed.compareAndSet(null, done.future())) {
            Future<Void> quiet = begun.get() ? settled.future() : Future.succeededFuture();
            quiet.compose(none -> stop())
                    .onComplete(any -> (home.own() ? vertx.close() : Future.<Void>succeededFuture()).onComplete(done));
            done.future().onComplete(any -> started.tryFail(failure));
        }
        return closed.get();
    }

    /** The bus of a node that runs. */
    Bus bus() {
        return new Bus(vertx, ASK_TIMEOUT, home.scope());
    }

    /** What is wrong with a chain that is in the store and cannot be opened. */
    Future<Optional<Refusal>> damage(Hash chain) {
        return new Bus(vertx, ASK_TIMEOUT, home.scope())
                .ask(Catalogue.FIND_DAMAGE, new FindDamage())
                .map(damage -> damage.chains().stream()
                        .filter(broken -> broken.id().equals(chain))
                        .map(DamagedChain::refusal)
                        .findFirst());
    }

    private Future<Void> start(Iterator<Stage> rest) {
        if (!rest.hasNext()) {
            return Future.succeededFuture();
        }
        Stage stage = rest.next();
        if (closed.get() != null) {
            return Future.failedFuture(
                    new StartFailure(stage.name(), new IllegalStateException("the node is stopping")));
        }
        return vertx.deployVerticle(stage.verticle(), new DeploymentOptions(stage.options()).setConfig(home.config()))
                .recover(cause -> Future.failedFuture(new StartFailure(stage.name(), cause)))
                .compose(id -> {
                    deployed.push(new Deployed(stage.name(), id));
                    return start(rest);
                });
    }

    private void undo(Throwable cause) {
        failure = cause;
        close().onFailure(e -> LOG.warn("what had started did not stop cleanly", e));
    }

    private Future<Void> stop() {
        Deployed last = deployed.poll();
        if (last == null) {
            return Future.succeededFuture();
        }
        return vertx.undeploy(last.id())
                .onFailure(cause -> LOG.warn("the stage {} did not stop cleanly", last.stage(), cause))
                .transform(any -> stop());
    }
}
