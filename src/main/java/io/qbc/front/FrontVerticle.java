package io.qbc.front;

import io.qbc.api.Answer;
import io.qbc.api.limits.Permits;
import io.qbc.api.limits.SharedLimits;
import io.qbc.api.tls.ServerTls;
import io.qbc.config.AccessMode;
import io.qbc.config.Cidr;
import io.qbc.config.NodeConfig;
import io.qbc.eventbus.cluster.ClusterMember;
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
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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
    /** Any free port. */
    private static final int ANY_PORT = 0;

    private final NodeConfig config;
    private final ServerTls tls;
    private final SharedLimits limits;
    private final NodeRoster roster;
    private final FrontMetrics metrics = new FrontMetrics();
    private final Permits underWay;
    private HttpServer server;
    private NodeProxy proxy;

    /** One instance; blocks nothing, and is given nothing to keep. */
    public FrontVerticle(NodeConfig config, ServerTls tls, ClusterMember member) {
        this(config, tls, NodeRoster.of(member));
    }

    FrontVerticle(NodeConfig config, ServerTls tls, NodeRoster roster) {
        this.config = config;
        this.tls = tls;
        this.roster = roster;
        this.limits = new SharedLimits(config);
        this.underWay = new Permits(underWayMax(config.http()));
    }

    private static int underWayMax(NodeConfig.Http http) {
        return http.requestsMax() + http.waitersMax() + http.streamsMax();
    }

    @Override
    public Future<?> start() {
        HttpClient client = vertx.createHttpClient(clientOptions(), poolOptions());
        List<Cidr> proxies = config.http().proxies().stream()
                .flatMap(text -> Cidr.parse(text).stream())
                .toList();
        proxy = new NodeProxy(client, new TargetChoice(client, roster), proxies, metrics);
        Deadlines deadlines = new Deadlines(vertx);
        server = vertx.createHttpServer(
                ServerOptions.of(config, tls.options()).setHandle100ContinueAutomatically(true));
        return server.requestHandler(this::handle)
                .invalidRequestHandler(RequestGate::invalid)
                .connectionHandler(new Connections(limits, deadlines, ServerOptions.decoder(config.http()), config))
                .exceptionHandler(cause -> LOG.debug("a connection failed: {}", cause.toString()))
                .listen(config.port() == 0 ? ANY_PORT : config.port(), config.host())
                .compose(listening -> tls.follow(options -> listening.updateSSLOptions(options, true)))
                .onSuccess(following -> LOG.info("listening on {}:{}", config.host(), port()));
    }

    @Override
    public Future<?> stop() {
        return server.shutdown(DRAIN.toSeconds(), TimeUnit.SECONDS);
    }

    int port() {
        return server.actualPort();
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

    /** Nothing waits for a connection: the permits are as many. */
    private PoolOptions poolOptions() {
        return new PoolOptions().setHttp1MaxSize(underWayMax(config.http())).setMaxWaitQueueSize(0);
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
        if (!isPublic && !isLocal(exchange.request())) {
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

    private static boolean isLocal(HttpServerRequest request) {
        String address = request.connection().remoteAddress(true).hostAddress();
        return address.startsWith("127.") || address.equals("0:0:0:0:0:0:0:1");
    }

    private void pass(HttpServerRequest request) {
        if (!underWay.take()) {
            metrics.failed(Reason.BUSY.code());
            exchange(request).problem(Reason.BUSY, "as many requests are under way as may be (http.requestsMax)");
            return;
        }
        metrics.began();
        AtomicBoolean over = new AtomicBoolean();
        Runnable end = () -> {
            if (over.compareAndSet(false, true)) {
                underWay.release();
                metrics.ended();
                Connections.answered(request.connection());
            }
        };
        request.response().endHandler(ended -> end.run()).closeHandler(closed -> end.run());
        proxy.pass(request);
    }
}
