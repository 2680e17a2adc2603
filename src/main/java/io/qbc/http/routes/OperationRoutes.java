package io.qbc.http.routes;

import io.qbc.access.Proof;
import io.qbc.api.Answer;
import io.qbc.api.CallerKey;
import io.qbc.api.WaitTime;
import io.qbc.api.verbs.OperationVerbs.OperateOptions;
import io.qbc.api.verbs.Verbs;
import io.qbc.config.Cidr;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.AccessGate;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.Preference;
import io.qbc.http.server.RequestKey;
import io.qbc.http.server.RouteTable;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The route by which this node signs operations of a chain's engine. */
final class OperationRoutes {
    /** What browsers add, beside the signs of proxies, and a caller that speaks for itself does not. */
    private static final List<String> OF_BROWSERS = List.of("origin", "sec-fetch-site");

    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;
    private final Duration waitMax;

    OperationRoutes(NodeConfig config, Verbs verbs, BodyReader bodies, Duration waitMax) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
        this.waitMax = waitMax;
    }

    void addTo(RouteTable routes) {
        routes.post("/v1/chains/{chain}/operations", this::operate);
    }

    private void operate(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        CallerKey key = CallerKey.of(exchange.caller(), RequestKey.of(exchange));
        Optional<WaitTime> wait = Preference.wait(exchange, waitMax);
        OperateOptions options = new OperateOptions(key, wait, isProved(exchange));
        exchange.answer(bodies.read(exchange, config.limits().bodyBytes())
                .compose(body -> verbs.operations().operate(exchange.value("chain"), body, options))
                .onSuccess(answer -> wait.ifPresent(time -> Preference.applied(exchange, time))));
    }

    /** Where everybody is served as an admin, those on this machine still differ from the rest. */
    private static boolean isProved(Exchange exchange) {
        return exchange.caller().proof() != Proof.NONE || isLocal(exchange.request());
    }

    private static boolean isLocal(HttpServerRequest request) {
        return !AccessGate.proxied(request.headers())
                && OF_BROWSERS.stream().noneMatch(request.headers()::contains)
                && Cidr.parse(request.remoteAddress().hostAddress())
                        .map(Cidr::base)
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent();
    }
}
