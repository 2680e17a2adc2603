package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.verbs.AccessVerbs;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.vertx.core.http.HttpHeaders;

/** The routes about who may call. */
public final class AccessRoutes {
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final int BODY_BYTES = 16 << 10;

    private final AccessVerbs verbs;
    private final BodyReader bodies;

    public AccessRoutes(AccessVerbs verbs, BodyReader bodies) {
        this.verbs = verbs;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/access", exchange -> exchange.answer(verbs.list()));
        routes.post("/v1/access", this::add);
        routes.get("/v1/access/self", exchange -> exchange.answer(verbs.self(exchange.caller())));
        routes.delete("/v1/access/{id}", exchange -> exchange.answer(verbs.revoke(exchange.value("id"))));
    }

    /** A secret is in the answer, which nobody on the way may keep. */
    private void add(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        exchange.response().headers().set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        exchange.answer(bodies.read(exchange, BODY_BYTES).compose(verbs::add));
    }
}
