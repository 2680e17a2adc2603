package io.qbc.http;

import io.qbc.api.ApiContext;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.FatalError;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.http.legacy.LegacyRoutes;
import io.qbc.http.metrics.MetricsPage;
import io.qbc.http.routes.AccessRoutes;
import io.qbc.http.routes.AuditRoutes;
import io.qbc.http.routes.BackupRoutes;
import io.qbc.http.routes.ChainRoutes;
import io.qbc.http.routes.ConsoleRoutes;
import io.qbc.http.routes.EventRoutes;
import io.qbc.http.routes.NodeRoutes;
import io.qbc.http.routes.PeerRoutes;
import io.qbc.http.routes.ProjectionRoutes;
import io.qbc.http.routes.QuantRoutes;
import io.qbc.http.routes.SockJsRoutes;
import io.qbc.http.routes.SubscriptionRoutes;
import io.qbc.http.routes.TransactionRoutes;
import io.qbc.http.server.AccessGate;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Connections;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.RequestGate;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.ServerOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle of the REST API: one instance an event loop, all on the same port. */
public final class HttpVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(HttpVerticle.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);
    private static final Duration DRAIN = Duration.ofSeconds(3);
    /** Vert.x's way to let all instances share one port that the system chooses. */
    private static final int ANY_PORT = -1;

    private final ApiContext api;
    private final NodeConfig config;
    private Verbs verbs;
    private EventRoutes events;
    private SockJsRoutes bridge;
    private HttpServer server;

    /** One instance; the context is the same for all. */
    public HttpVerticle(ApiContext api) {
        this.api = api;
        this.config = api.config();
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        verbs = Verbs.of(vertx, context, bus, api);
        events = new EventRoutes(vertx, verbs);
        bridge = new SockJsRoutes(vertx, context, api, api.limits().bridged());
        vertx.setPeriodic(heartbeat().toMillis(), beat -> {
            events.beat();
            bridge.beat();
        });
        return Future.all(
                        bus.follow(Catalogue.HEAD_MOVED, this::moved),
                        bus.follow(
                                Catalogue.CHAIN_OPENED,
                                event -> verbs.directory().opened(event.chain())),
                        bus.follow(Catalogue.SUBSCRIPTION_DISABLED, events::disabled),
                        bus.follow(Catalogue.CHAIN_CLOSED, this::closed))
                .compose(following -> known())
                .compose(known -> listen())
                .onSuccess(this::listening);
    }

    @Override
    public Future<?> stop() {
        events.close();
        return server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
    }

    /** All routes of the REST API, in the order in which the API document has them. */
    static RouteTable routes(Vertx vertx, ApiContext api, Verbs verbs, EventRoutes events, Deadlines deadlines) {
        NodeConfig config = api.config();
        AccessGate access = new AccessGate(config, api.access(), verbs.directory()::same);
        RouteTable table = new RouteTable(vertx, api.limits().spareRequests(), api.meters(), access);
        BodyReader bodies = new BodyReader(config.http());
        new TransactionRoutes(config, verbs, bodies, deadlines).addTo(table);
        new ChainRoutes(config, verbs, bodies).addTo(table);
        new SubscriptionRoutes(config, verbs, bodies).addTo(table);
        new QuantRoutes(verbs, config).addTo(table);
        events.addTo(table, bodies);
        new PeerRoutes(config, verbs, bodies).addTo(table);
        new BackupRoutes(verbs.backups(), bodies).addTo(table);
        new NodeRoutes(verbs.node(), new MetricsPage(vertx, verbs, api)).addTo(table);
        new AccessRoutes(verbs.access(), bodies).addTo(table);
        new AuditRoutes(verbs.audit()).addTo(table);
        new ProjectionRoutes(config, verbs.projections(), verbs.tables(), bodies).addTo(table);
        new LegacyRoutes(vertx, config, verbs, bodies).addTo(table);
        new ConsoleRoutes(vertx, config.console()).addTo(table);
        return table.closed();
    }

    /** Where callers have a role for some chains, those must be known by all their names before one asks. */
    private Future<?> known() {
        return api.access().mode() == AccessMode.REQUIRED ? verbs.directory().all() : Future.succeededFuture();
    }

    private Future<HttpServer> listen() {
        Deadlines deadlines = new Deadlines(vertx);
        server = vertx.createHttpServer(ServerOptions.of(config, api.tls().options()));
        RouteTable table = routes(vertx, api, verbs, events, deadlines);
        bridge.addTo(table);
        return server.requestHandler(table)
                .invalidRequestHandler(RequestGate::invalid)
                .connectionHandler(
                        new Connections(api.limits(), deadlines, ServerOptions.decoder(config.http()), config))
                .exceptionHandler(HttpVerticle::failed)
                .listen(config.port() == 0 ? ANY_PORT : config.port(), config.host())
                .compose(listening -> api.tls()
                        .follow(options -> listening.updateSSLOptions(options, true))
                        .map(done -> listening));
    }

    private static void failed(Throwable cause) {
        FatalError.raise(cause);
        LOG.debug("a connection failed: {}", cause.toString());
    }

    private void listening(HttpServer listening) {
        api.limits().listensOn(listening.actualPort());
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

    /** Often enough that a quiet stream is not taken for an idle connection. */
    private Duration heartbeat() {
        Duration third = config.http().idleTimeout().dividedBy(3);
        return third.compareTo(HEARTBEAT) < 0 ? third : HEARTBEAT;
    }
}
