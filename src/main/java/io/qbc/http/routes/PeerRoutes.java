package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Deadlines;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.json.JsonLimits;
import io.qbc.model.Bytes;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/** The routes about peers, and the one by which peers talk; what they say there is gossip's. */
public final class PeerRoutes {
    private final NodeConfig config;
    private final Deadlines deadlines;
    private final Verbs verbs;

    public PeerRoutes(NodeConfig config, Deadlines deadlines, Verbs verbs) {
        this.config = config;
        this.deadlines = deadlines;
        this.verbs = verbs;
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
        exchange.answer(body(exchange, config.limits().bodyBytes())
                .map(body -> BodyReader.field(body, "address", limits))
                .compose(address -> verbs.node().discover(address)));
    }

    private void call(Exchange exchange) {
        String host = exchange.header(HttpHeaders.HOST).orElse("");
        String remote = exchange.request().remoteAddress().hostAddress();
        exchange.answer(body(exchange, config.limits().batchBytes())
                .compose(body ->
                        verbs.bus().ask(Catalogue.PEER_CALL, new PeerCall(exchange.value("verb"), body, host, remote)))
                .map(answer -> Answer.of(answer.status(), MediaTypes.BYTES, answer.body())));
    }

    private Future<Bytes> body(Exchange exchange, int bytesMax) {
        return BodyReader.read(exchange, bytesMax, config.http().bodyTimeout(), deadlines);
    }
}
