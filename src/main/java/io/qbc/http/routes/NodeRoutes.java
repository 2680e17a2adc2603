package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.Sbom;
import io.qbc.api.access.ApiDocument;
import io.qbc.api.verbs.NodeVerbs;
import io.qbc.http.metrics.MetricsPage;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import java.util.List;

/** The routes about the node itself: what it is, how it fares, and how it is asked. */
public final class NodeRoutes {
    private final NodeVerbs node;
    private final MetricsPage metrics;

    public NodeRoutes(NodeVerbs node, MetricsPage metrics) {
        this.node = node;
        this.metrics = metrics;
    }

    public void addTo(RouteTable routes) {
        routes.get("/v1/node", exchange -> exchange.answer(node.show()));
        routes.get(
                "/v1/node/sbom",
                List.of(Sbom.TYPE, Answer.JSON),
                exchange -> exchange.answer(NodeVerbs.sbom(exchange.form())));
        routes.get("/health/live", exchange -> exchange.answer(NodeVerbs.live()));
        routes.get("/health/ready", exchange -> exchange.answer(node.ready()));
        routes.get("/metrics", List.of(MediaTypes.METRICS), exchange -> exchange.answer(metrics.page()));
        routes.get("/openapi.json", NodeRoutes::describe);
    }

    private static void describe(Exchange exchange) {
        exchange.answer(Answer.of(200, Answer.JSON, ApiDocument.below(exchange.basePath())));
    }
}
