package io.qbc.front;

import io.qbc.api.Answer;
import io.qbc.api.limits.Permits;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.tls.ServerTls;
import io.qbc.bus.FatalError;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.cluster.ClusterMember;
import io.qbc.http.auth.ProxyRules;
import io.qbc.http.server.Connections;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.RequestGate;
import io.qbc.http.server.ServerOptions;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The verticle of a front end: what comes by HTTP goes to a node of the cluster that can answer it. It keeps nothing,
 * and judges nobody: keys, roles and limits of callers are the nodes'.
 */
public final class FrontVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(FrontVerticle.class);
    private static final String LIVE = "/health/live";
    private static final String READY = "/health/ready";
    private static final String METRICS = "/metrics";
    private static final Duration DRAIN = Duration.ofSeconds(2);

    private final NodeConfig config;
    private final ServerTls tls;
    private final SharedLimits limits;
    private final FrontMetrics metrics;
    private final NodeRoster cluster;
    private NodeRoster roster;
    private HttpServer server;
    private NodeProxy proxy;

    private FrontVerticle(
            NodeConfig config, ServerTls tls, SharedLimits limits, FrontMetrics metrics, NodeRoster cluster) {
        this.config = config;
        this.tls = tls;
        this.limits = limits;
        this.metrics = metrics;
        this.cluster = cluster;
    }

    /** Instances that share limits and figures, one for each event loop. */
    public static Supplier<FrontVerticle> of(NodeConfig config, ServerTls tls, ClusterMember member) {
        SharedLimits limits = new SharedLimits(config);
        FrontMetrics metrics = new FrontMetrics();
        NodeRoster cluster = NodeRoster.of(member);
        return () -> new FrontVerticle(config, tls, limits, metrics, cluster);
    }

    @Override
    public Future<?> start() {
        roster = new RecentRoster(cluster, context);
        HttpClient client = vertx.createHttpClient(clientOptions(), poolOptions());
        ForwardedFields forwarded =
                new ForwardedFields(new ProxyRules(config.http().proxies()));
        proxy = new NodeProxy(client, new NodeChoice(client, roster), forwarded, metrics);
        Deadlines deadlines = new Deadlines(vertx);
        server =
                vertx.createHttpServer(ServerOptions.of(config, tls.options()).setHandle100ContinueAutomatically(true));
        return server.requestHandler(this::handle)
                .invalidRequestHandler(RequestGate::invalid)
                .connectionHandler(new Connections(limits, deadlines, ServerOptions.decoder(config.http()), config))
                .exceptionHandler(FrontVerticle::failed)
                .listen(config.port(), config.host())
                .compose(listening -> tls.follow(options -> listening.updateSSLOptions(options, true)))
                .onSuccess(following -> LOG.info("listening on {}:{}", config.host(), config.port()));
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
    }

    private static void failed(Throwable cause) {
        FatalError.raise(cause);
        LOG.debug("a connection failed: {}", cause.toString());
    }

    private HttpClientOptions clientOptions() {
        HttpClientOptions options = new HttpClientOptions()
                .setConnectTimeout((int) config.gossip().callTimeout().toMillis())
                // Shorter than nodes keep a connection on which nothing comes.
                .setKeepAliveTimeout(
                        (int) Math.max(1, config.http().idleTimeout().toSeconds() / 2))
                .setMaxHeaderSize(config.http().headerBytes())
                .setDecompressionSupported(false);
        String ca = config.gossip().peerCa();
        if (!ca.isEmpty() && !ca.equals(NodeConfig.Gossip.SYSTEM_CA)) {
            options.setTrustOptions(new PemTrustOptions().addCertPath(ca));
        }
        return options;
    }

    /** Nothing waits for a connection: no more requests are under way. */
    private PoolOptions poolOptions() {
        int underWay = config.http().requestsMax() + config.http().streamsMax();
        return new PoolOptions().setHttp1MaxSize(underWay).setMaxWaitQueueSize(0);
    }

    private void handle(HttpServerRequest request) {
        boolean reading =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        switch (reading ? request.path() : "") {
            case LIVE -> exchange(request).answer(Answer.object(200, out -> out.text("status", "live")));
            case READY -> ready(exchange(request));
            case METRICS -> metrics(exchange(request));
            default -> pass(request);
        }
    }

    private static Exchange exchange(HttpServerRequest request) {
        Connections.entered(request.connection());
        Exchange exchange = new Exchange(request, Map.of(), Answer.JSON);
        exchange.whenOver(() -> Connections.answered(request.connection()));
        return exchange;
    }

    private void ready(Exchange exchange) {
        roster.all().onComplete(found -> {
            int nodes = found.succeeded() ? found.result().size() : 0;
            metrics.serving(nodes);
            if (nodes > 0) {
                exchange.answer(Answer.object(200, out -> {
                    out.text("status", "ready");
                    out.number("nodes", nodes);
                }));
            } else {
                exchange.problem(Reason.NODES_UNREACHABLE, "no node of the cluster serves at present");
            }
        });
    }

    private void metrics(Exchange exchange) {
        boolean isPublic = config.access().publicMetrics() || config.access().mode() == AccessMode.OPEN;
        HttpServerRequest request = exchange.request();
        if (!isPublic && !ForwardedFields.isLocal(request, request.connection())) {
            exchange.problem(
                    Reason.ROLE_MISSING,
                    "a front end knows nobody's keys: its metrics are for callers on its own machine, unless"
                            + " access.publicMetrics is set");
            return;
        }
        roster.all().onComplete(found -> {
            metrics.serving(found.succeeded() ? found.result().size() : 0);
            exchange.answer(metrics.page());
        });
    }

    private void pass(HttpServerRequest request) {
        if (request.version() == HttpVersion.HTTP_1_1
                && request.headers().getAll(HttpHeaders.HOST).size() != 1) {
            refuse(request, Reason.REQUEST_INVALID, "exactly one Host field is required");
            return;
        }
        if (request.canUpgradeToWebSocket() && hasBody(request)) {
            refuse(request, Reason.REQUEST_INVALID, "who asks for a WebSocket sends no body");
            return;
        }
        Optional<Permits> room = room(request.connection());
        if (room.isEmpty()) {
            metrics.failed(Reason.BUSY.code());
            refuse(request, Reason.BUSY, "as many requests are under way as may be (http.requestsMax, streamsMax)");
            return;
        }
        metrics.began();
        Connections.entered(request.connection());
        AtomicBoolean over = new AtomicBoolean();
        Runnable end = () -> {
            if (over.compareAndSet(false, true)) {
                proxy.forget(request);
                room.get().release();
                metrics.ended();
                Connections.answered(request.connection());
            }
        };
        request.response().endHandler(ended -> end.run()).closeHandler(closed -> end.run());
        proxy.pass(request, end);
    }

    /** Which of the requests lasts long is not known before, so they take what there is of either kind. */
    private static Optional<Permits> room(HttpConnection connection) {
        return Connections.share(connection)
                .flatMap(share -> Stream.of(share.requests(), share.streams())
                        .filter(Permits::take)
                        .findFirst());
    }

    private static boolean hasBody(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || (length != null && !length.equals("0"));
    }

    /** The connection cannot be used again: nobody reads the body. */
    private static void refuse(HttpServerRequest request, Reason reason, String why) {
        Exchange exchange = exchange(request);
        if (hasBody(request) || Connections.share(request.connection()).isEmpty()) {
            exchange.closeAfter();
        }
        exchange.problem(reason, why);
    }
}
