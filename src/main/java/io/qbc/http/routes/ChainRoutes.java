package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.verbs.AnalyticsVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.util.List;

/** The routes about chains as a whole. */
public final class ChainRoutes {
    private static final String CHAIN = "/v1/chains/{chain}";
    private static final String FOLLOWING = CHAIN + "/following";

    private final NodeConfig config;
    private final Verbs verbs;
    private final BodyReader bodies;

    public ChainRoutes(NodeConfig config, Verbs verbs, BodyReader bodies) {
        this.config = config;
        this.verbs = verbs;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get(
                "/v1/chains",
                exchange -> exchange.answer(
                        verbs.chains().list(exchange.caller(), exchange.query("after"), exchange.number("limit"))));
        routes.post("/v1/chains", this::create);
        routes.get(CHAIN, exchange -> exchange.answer(verbs.chains().find(chain(exchange))));
        routes.delete(CHAIN, this::remove);
        routes.post(CHAIN + "/leaps", exchange -> exchange.answer(verbs.chains().leap(chain(exchange))));
        routes.post(CHAIN + "/forks", this::fork);
        routes.post(
                CHAIN + "/freeze", exchange -> exchange.answer(verbs.lifecycle().freeze(chain(exchange), true)));
        routes.post(
                CHAIN + "/unfreeze",
                exchange -> exchange.answer(verbs.lifecycle().freeze(chain(exchange), false)));
        routes.get(CHAIN + "/diff", this::diff);
        routes.get(
                CHAIN + "/consensus",
                exchange -> exchange.answer(verbs.consensus().show(chain(exchange))));
        routes.get(CHAIN + "/analytics", List.of(Answer.JSON, MediaTypes.CSV), this::analytics);
        routes.put(FOLLOWING, exchange -> exchange.answer(verbs.follows().follow(chain(exchange), true)));
        routes.delete(FOLLOWING, exchange -> exchange.answer(verbs.follows().follow(chain(exchange), false)));
        routes.get("/v1/following", exchange -> exchange.answer(verbs.follows().following()));
    }

    private void create(Exchange exchange) {
        exchange.answer(body(exchange).compose(verbs.lifecycle()::create));
    }

    private void fork(Exchange exchange) {
        exchange.answer(body(exchange).compose(body -> verbs.lifecycle().fork(chain(exchange), body)));
    }

    private void remove(Exchange exchange) {
        exchange.answer(verbs.lifecycle().remove(chain(exchange), exchange.query("confirm")));
    }

    private void diff(Exchange exchange) {
        String with = exchange.query("with")
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "with must name another chain"));
        exchange.answer(verbs.diffs().diff(chain(exchange), with, exchange.number("from"), exchange.number("limit")));
    }

    private void analytics(Exchange exchange) {
        AnalyticsVerbs.Wanted wanted = new AnalyticsVerbs.Wanted(
                exchange.query("from"), exchange.query("to"), exchange.query("step"), exchange.query("by"));
        Future<AnalyticsVerbs.Figures> figures = verbs.analytics().find(chain(exchange), wanted);
        exchange.answer(
                exchange.form().equals(MediaTypes.CSV)
                        ? figures.map(found -> Answer.of(200, MediaTypes.CSV, found.csv()))
                        : figures.map(AnalyticsVerbs.Figures::answer));
    }

    private Future<Bytes> body(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        return bodies.read(exchange, config.limits().bodyBytes());
    }

    private static String chain(Exchange exchange) {
        return exchange.value("chain");
    }
}
