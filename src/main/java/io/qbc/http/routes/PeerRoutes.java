package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.limits.ByteBudget;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RequestTrace;
import io.qbc.http.server.RouteTable;
import io.qbc.json.JsonLimits;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.tracing.TraceContext;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The routes about peers, and the one by which peers call; what they say there is gossip's. */
public final class PeerRoutes {
    private static final int BAN_BYTES = 16 << 10;
    private static final int ROOM_LOOKS = 50;
    private static final long ROOM_PAUSE_MILLIS = 20;

    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;

    public PeerRoutes(NodeConfig config, Verbs verbs, BodyReader bodies) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/peers", exchange -> exchange.answer(verbs.node().peers(exchange.query("chain"))));
        routes.post("/v1/peers", this::discover);
        routes.get("/v1/peers/bans", exchange -> exchange.answer(verbs.bans().list()));
        routes.post("/v1/peers/bans", this::ban);
        routes.delete(
                "/v1/peers/bans/{peer}",
                exchange -> exchange.answer(verbs.bans().lift(exchange.value("peer"))));
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

    private void ban(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        exchange.answer(bodies.read(exchange, BAN_BYTES).compose(verbs.bans()::ban));
    }

    /** The body counts until it is worked on no more: what it was decoded into lives as long. */
    private void call(Exchange exchange) {
        boolean handshake = PeerCall.HANDSHAKES.contains(exchange.value("verb"));
        int bytesMax = handshake
                ? PeerCall.HANDSHAKE_BYTES_MAX
                : config.gossip().limits().messageBytes();
        exchange.answer(bodies.read(exchange, bytesMax)
                .compose(body -> exchange.during(answer(exchange, body)))
                .map(answer -> Answer.of(answer.status(), MediaTypes.BYTES, answer.body())));
    }

    private Future<PeerAnswer> answer(Exchange exchange, Bytes body) {
        String host = exchange.authority().orElse("");
        String remote = exchange.request().remoteAddress().hostAddress();
        TraceContext trace = RequestTrace.parent(verbs.tracing(), exchange);
        PeerCall call = new PeerCall(exchange.value("verb"), body, host, remote, trace);
        if (!PeerCall.LARGE_ANSWERS.contains(call.verb())) {
            return ask(call);
        }
        ByteBudget budget = exchange.streamBytes();
        long bytes = Math.min(budget.most(), config.gossip().batchBytes());
        // The answer itself is counted when it is sent.
        return room(budget, bytes, ROOM_LOOKS).compose(taken -> ask(call).onComplete(done -> budget.release(bytes)));
    }

    /** Takes room for an answer of some megabytes, as soon as others have read theirs. */
    private Future<Void> room(ByteBudget budget, long bytes, int looks) {
        if (budget.take(bytes)) {
            return Future.succeededFuture();
        }
        return looks == 0
                ? Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers of answers"))
                : Vertx.currentContext()
                        .owner()
                        .timer(ROOM_PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                        .compose(waited -> room(budget, bytes, looks - 1));
    }

    private Future<PeerAnswer> ask(PeerCall call) {
        return verbs.bus().ask(Catalogue.PEER_CALL, call);
    }
}
