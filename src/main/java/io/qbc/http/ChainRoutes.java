package io.qbc.http;

/** The routes about chains as a whole. */
final class ChainRoutes {
    private final ChainVerbs verbs;

    ChainRoutes(ChainVerbs verbs) {
        this.verbs = verbs;
    }

    void addTo(RouteTable routes) {
        routes.get("/v1/chains", exchange -> exchange.answer(verbs.list()));
        routes.get("/v1/chains/{chain}", exchange -> exchange.answer(verbs.find(exchange.value("chain"))));
        routes.post("/v1/chains/{chain}/leaps", exchange -> exchange.answer(verbs.leap(exchange.value("chain"))));
    }
}
