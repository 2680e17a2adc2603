package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.verbs.SubscriptionVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.model.Bytes;
import io.vertx.core.Future;

/** The routes about durable followers of a chain. */
public final class SubscriptionRoutes {
    private static final String ALL = "/v1/chains/{chain}/subscriptions";
    private static final String ONE = ALL + "/{name}";

    private final NodeConfig config;
    private final SubscriptionVerbs verbs;
    private final BodyReader bodies;

    public SubscriptionRoutes(NodeConfig config, Verbs verbs, BodyReader bodies) {
        this.config = config;
        this.verbs = verbs.subscriptions();
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get(ALL, exchange -> exchange.answer(verbs.list(chain(exchange))));
        routes.put(
                ONE,
                exchange -> exchange.answer(
                        body(exchange).compose(body -> verbs.put(chain(exchange), name(exchange), body))));
        routes.get(ONE, exchange -> exchange.answer(verbs.find(chain(exchange), name(exchange))));
        routes.delete(ONE, exchange -> exchange.answer(verbs.drop(chain(exchange), name(exchange))));
        routes.get(ONE + "/status", exchange -> exchange.answer(verbs.status(chain(exchange), name(exchange))));
        routes.post(ONE + "/pause", exchange -> exchange.answer(verbs.pause(chain(exchange), name(exchange))));
        routes.post(ONE + "/resume", exchange -> exchange.answer(verbs.resume(chain(exchange), name(exchange))));
        routes.post(
                ONE + "/seek",
                exchange -> exchange.answer(verbs.seek(chain(exchange), name(exchange), exchange.query("to"))));
        routes.post(
                ONE + "/replay",
                exchange -> exchange.answer(
                        verbs.replay(chain(exchange), name(exchange), exchange.number("from"), exchange.number("to"))));
        routes.post(ONE + "/secret", exchange -> exchange.answer(verbs.rotate(chain(exchange), name(exchange))));
        routes.post(
                ONE + "/fetch",
                exchange -> exchange.answer(
                        body(exchange).compose(body -> verbs.fetch(chain(exchange), name(exchange), body))));
        routes.post(
                ONE + "/commit",
                exchange -> exchange.answer(
                        body(exchange).compose(body -> verbs.commit(chain(exchange), name(exchange), body))));
        routes.post(
                ONE + "/release",
                exchange -> exchange.answer(
                        body(exchange).compose(body -> verbs.release(chain(exchange), name(exchange), body))));
        routes.get(
                ONE + "/dead",
                exchange -> exchange.answer(verbs.dead(
                        chain(exchange), name(exchange), exchange.number("after"), exchange.number("limit"))));
        routes.post(
                ONE + "/dead/{number}/retry",
                exchange -> exchange.answer(verbs.retry(chain(exchange), name(exchange), exchange.value("number"))));
    }

    private Future<Bytes> body(Exchange exchange) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        return bodies.read(exchange, config.limits().bodyBytes());
    }

    private static String chain(Exchange exchange) {
        return exchange.value("chain");
    }

    private static String name(Exchange exchange) {
        return exchange.value("name");
    }
}
