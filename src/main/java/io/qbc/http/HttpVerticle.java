package io.qbc.http;

import io.qbc.api.Meters;
import io.qbc.api.SharedLimits;
import io.qbc.api.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.config.NodeConfig;
import io.qbc.http.legacy.LegacyRoutes;
import io.qbc.http.routes.BatchExchange;
import io.qbc.http.routes.ChainRoutes;
import io.qbc.http.routes.EventRoutes;
import io.qbc.http.routes.MetricsPage;
import io.qbc.http.routes.NodeRoutes;
import io.qbc.http.routes.PeerRoutes;
import io.qbc.http.routes.QuantRoutes;
import io.qbc.http.routes.TransactionRoutes;
import io.qbc.http.server.Connections;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.RequestGate;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Streams;
import io.qbc.ledger.DataRules;
import io.qbc.model.Signer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The REST door: one instance an event loop, all on the same port. */
public final class HttpVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration DRAIN = Duration.ofSeconds(3);
    private static final int CHUNK_BYTES = 64 * 1024;
    /** Vert.x's way to let all instances share one port that the system chooses. */
    private static final int ANY_PORT = -1;

    private final NodeConfig config;
    private final Verbs.Self self;
    private final Meters meters;
    private final SharedLimits sharedLimits;
    private Verbs verbs;
    private EventRoutes events;
    private HttpServer server;

    /**
     * One instance.
     *
     * @param rules how what chains demand of data is read
     * @param meters the same object for all instances
     * @param sharedLimits the same object for all instances
     */
    public HttpVerticle(
            NodeConfig config,
            Signer identity,
            InstantSource clock,
            DataRules.Reader rules,
            Meters meters,
            SharedLimits sharedLimits) {
        this.config = config;
        this.self = new Verbs.Self(identity.key(), clock, rules);
        this.meters = meters;
        this.sharedLimits = sharedLimits;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        verbs = Verbs.of(vertx, context, bus, config, self, meters, sharedLimits);
        events = new EventRoutes(bus, verbs.directory(), sharedLimits.streams());
        vertx.setPeriodic(heartbeat().toMillis(), beat -> events.beat());
        return Future.all(
                        bus.follow(Catalogue.HEAD_MOVED, this::moved),
                        bus.follow(Catalogue.CHAIN_OPENED, event -> verbs.directory().opened(event.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, this::closed))
                .compose(following -> listen())
                .onSuccess(this::listening);
    }

    @Override
    public Future<?> stop() {
        events.close();
        return server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
    }

    /** All routes of this door, in the order in which the API document has them. */
    static RouteTable routes(RouteParts routeParts) {
        Router router = Router.router(routeParts.metrics().vertx());
        RouteTable table = new RouteTable(router, routeParts.requestGate(), routeParts.meters());
        Verbs verbs = routeParts.verbs();
        Streams streams = new Streams(routeParts.sharedLimits().streams());
        BatchExchange.Stage stage = new BatchExchange.Stage(
                verbs.finder(), verbs.reader(), verbs.rules(), verbs.injector(), routeParts.deadlines());
        NodeConfig config = routeParts.config();
        new TransactionRoutes(config, verbs.transactions(), verbs.directory(), stage).addTo(table);
        new ChainRoutes(config, routeParts.deadlines(), verbs).addTo(table);
        new QuantRoutes(verbs.bus(), verbs.directory(), streams, config.limits().pageQuants()).addTo(table);
        routeParts.events().addTo(table);
        new PeerRoutes(config, routeParts.deadlines(), verbs).addTo(table);
        new NodeRoutes(verbs.node(), routeParts.metrics()).addTo(table);
        new LegacyRoutes(routeParts.metrics().vertx(), config, routeParts.deadlines(), streams, verbs).addTo(table);
        return table.closed();
    }

    /** What the routes are made of. */
    record RouteParts(
            NodeConfig config,
            Verbs verbs,
            EventRoutes events,
            MetricsPage metrics,
            Deadlines deadlines,
            RequestGate requestGate,
            Meters meters,
            SharedLimits sharedLimits) {}

    private Future<HttpServer> listen() {
        Deadlines deadlines = new Deadlines(vertx);
        MetricsPage metrics = new MetricsPage(vertx, verbs, meters, sharedLimits);
        RequestGate requestGate = new RequestGate(sharedLimits.requests(), meters);
        RouteTable routes =
                routes(new RouteParts(config, verbs, events, metrics, deadlines, requestGate, meters, sharedLimits));
        server = vertx.createHttpServer(options());
        return server.requestHandler(new FastPath(routes, requestGate))
                .invalidRequestHandler(RequestGate::invalid)
                .connectionHandler(new Connections(
                        sharedLimits.connections(),
                        deadlines,
                        limits(),
                        config.http().headerTimeout()))
                .exceptionHandler(cause -> LOG.debug("a connection failed: {}", cause.toString()))
                .listen(config.port() == 0 ? ANY_PORT : config.port(), config.host());
    }

    private void listening(HttpServer listening) {
        sharedLimits.listensOn(listening.actualPort());
        LOG.info("listening on {}:{}", config.host(), listening.actualPort());
    }

    private void moved(HeadMoved event) {
        verbs.waiters().moved(event);
        events.moved(event);
    }

    private void closed(ChainClosed event) {
        verbs.closed(event.chain());
        events.closed(event.chain());
    }

    private HttpServerOptions options() {
        NodeConfig.Http http = config.http();
        return new HttpServerOptions()
                .setMaxInitialLineLength(http.lineBytes())
                .setMaxHeaderSize(http.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, http.idleTimeout().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHttp2ClearTextEnabled(false)
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false);
    }

    /** The same limits for the decoder that takes the place of Vert.x's own. */
    private Http1ServerConfig limits() {
        return new Http1ServerConfig()
                .setMaxInitialLineLength(config.http().lineBytes())
                .setMaxHeaderSize(config.http().headerBytes())
                .setMaxChunkSize(CHUNK_BYTES);
    }

    /** Often enough that a quiet stream is not taken for an idle connection. */
    private Duration heartbeat() {
        Duration third = config.http().idleTimeout().dividedBy(3);
        return third.compareTo(HEARTBEAT) < 0 ? third : HEARTBEAT;
    }
}
