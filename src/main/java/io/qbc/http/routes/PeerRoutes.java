package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.json.JsonLimits;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The routes about peers, and the one by which peers call; what they say there is gossip's. */
public final class PeerRoutes {
    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;

    public PeerRoutes(NodeConfig config, Verbs verbs, BodyReader bodies) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/peers", exchange -> exchange.answer(verbs.node().peers()));
        routes.post("/v1/peers", this::discover);
        routes.post("/v1/peer/{verb}", List.of(MediaTypes.BYTES), this::call);
    }

    private void discover(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        JsonLimits limits =
                new JsonLimits(config.limits().bodyBytes(), config.limits().jsonDepth());
        exchange.answer(bodies.read(exchange, config.limits().bodyBytes())
                .map(body -> BodyReader.field(body, "address", limits))
                .compose(address -> verbs.node().discover(address)));
    }

    private void call(Exchange exchange) {
        String host = exchange.header(HttpHeaders.HOST).orElse("");
        String remote = exchange.request().remoteAddress().hostAddress();
        exchange.answer(bodies.read(exchange, config.limits().batchBytes())
                .compose(body ->
                        verbs.bus().ask(Catalogue.PEER_CALL, new PeerCall(exchange.value("verb"), body, host, remote)))
                .map(answer -> Answer.of(answer.status(), MediaTypes.BYTES, answer.body())));
    }
}
