package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.ByteLease;
import io.qbc.api.SharedLimits;
import io.qbc.api.Verbs;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.PeerAnswer;
import io.qbc.bus.Catalogue.PeerCall;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.json.JsonLimits;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The routes about peers, and the one by which peers call; what they say there is gossip's. */
public final class PeerRoutes {
    private static final int ROOM_LOOKS = 50;
    private static final long ROOM_PAUSE_MILLIS = 20;

    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;
    private final SharedLimits sharedLimits;

    public PeerRoutes(NodeConfig config, Verbs verbs, BodyReader bodies, SharedLimits sharedLimits) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
        this.sharedLimits = sharedLimits;
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

    /** What is read is counted before, and until it is answered: what it was decoded into lives as long. */
    private void call(Exchange exchange) {
        int bytesMax = config.gossip().limits().messageBytes();
        long bytes = Math.min(bytesMax, BodyReader.stated(exchange).orElse((long) bytesMax));
        ByteLease lease = ByteLease.take(sharedLimits.peerBodies(), caller(exchange), bytes)
                .orElseThrow(() -> {
                    exchange.closeAfter();
                    return busy();
                });
        exchange.whenOver(lease::over);
        exchange.answer(bodies.readCounted(exchange, bytesMax)
                .compose(body -> lease.during(answer(exchange, body)))
                .map(answer -> Answer.of(answer.status(), MediaTypes.BYTES, answer.body())));
    }

    private Future<PeerAnswer> answer(Exchange exchange, Bytes body) {
        String host = exchange.header(HttpHeaders.HOST).orElse("");
        PeerCall call = new PeerCall(exchange.value("verb"), body, host, caller(exchange));
        return PeerCall.LARGE_ANSWERS.contains(call.verb())
                ? room(call, ROOM_LOOKS).compose(room -> {
                    exchange.whenOver(room::over);
                    return room.during(ask(call)
                            .onSuccess(answer -> room.shrink(answer.body().size())));
                })
                : ask(call);
    }

    /** Room for an answer of some megabytes, as soon as others have read theirs. */
    private Future<ByteLease> room(PeerCall call, int looks) {
        Optional<ByteLease> room = ByteLease.take(
                sharedLimits.peerAnswers(), call.remote(), config.gossip().batchBytes());
        if (room.isPresent() || looks == 0) {
            return room.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(busy()));
        }
        return Vertx.currentContext()
                .owner()
                .timer(ROOM_PAUSE_MILLIS, TimeUnit.MILLISECONDS)
                .compose(waited -> room(call, looks - 1));
    }

    private Future<PeerAnswer> ask(PeerCall call) {
        return verbs.bus().ask(Catalogue.PEER_CALL, call);
    }

    private static String caller(Exchange exchange) {
        return exchange.request().remoteAddress().hostAddress();
    }

    private static Failure busy() {
        return new Failure(Reason.BUSY, "too many bytes of peers are under way");
    }
}
