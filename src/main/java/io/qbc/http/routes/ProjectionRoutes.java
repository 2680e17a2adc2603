package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.WaitTime;
import io.qbc.api.verbs.ProjectionVerbs;
import io.qbc.api.verbs.ProjectionVerbs.Since;
import io.qbc.api.verbs.TableVerbs;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.Preference;
import io.qbc.http.server.RouteTable;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The routes about projections and their tables. */
public final class ProjectionRoutes {
    private static final String PROJECTIONS = "/v1/projections";
    private static final String PROJECTION = PROJECTIONS + "/{projection}";
    private static final String ROWS = PROJECTION + "/tables/{table}/rows";
    private static final String ROW = ROWS + "/{key}";
    private static final Set<String> RESERVED = Set.of("order", "limit", "after", "at", "wait");

    private final NodeConfig config;
    private final ProjectionVerbs projections;
    private final TableVerbs tables;
    private final BodyReader bodies;

    public ProjectionRoutes(NodeConfig config, ProjectionVerbs projections, TableVerbs tables, BodyReader bodies) {
        this.config = config;
        this.projections = projections;
        this.tables = tables;
        this.bodies = bodies;
    }

    public void addTo(RouteTable routes) {
        routes.get(PROJECTIONS, exchange -> exchange.answer(projections.list(exchange.caller())));
        routes.get(
                PROJECTION,
                exchange -> exchange.answer(projections.find(exchange.caller(), name(exchange), since(exchange))));
        routes.put(PROJECTION, this::put);
        routes.delete(
                PROJECTION,
                exchange -> exchange.answer(projections.drop(
                        name(exchange),
                        exchange.query("tables").filter("true"::equals).isPresent())));
        steer(routes, "/pause", ProjectionAction.PAUSE);
        steer(routes, "/resume", ProjectionAction.RESUME);
        steer(routes, "/rebuild", ProjectionAction.REBUILD);
        steer(routes, "/dead/retry", ProjectionAction.RETRY_DEAD);
        verify(routes, "/verify", ProjectionAction.VERIFY);
        verify(routes, "/verify/cancel", ProjectionAction.CANCEL_VERIFY);
        routes.get(
                PROJECTION + "/dead",
                exchange -> exchange.answer(projections.dead(
                        exchange.caller(), name(exchange), exchange.number("after"), exchange.number("limit"))));
        routes.post(PROJECTION + "/query", this::query);
        routes.get(
                ROWS,
                exchange -> exchange.answer(tables.rows(
                        exchange.caller(),
                        name(exchange),
                        exchange.value("table"),
                        page(exchange, true),
                        since(exchange))));
        routes.get(
                ROW,
                exchange -> exchange.answer(tables.row(
                        exchange.caller(),
                        name(exchange),
                        exchange.value("table"),
                        exchange.value("key"),
                        since(exchange))));
        routes.get(
                ROW + "/history",
                exchange -> exchange.answer(tables.history(
                        exchange.caller(),
                        name(exchange),
                        exchange.value("table"),
                        exchange.value("key"),
                        page(exchange, false),
                        since(exchange))));
    }

    private void steer(RouteTable routes, String path, ProjectionAction action) {
        routes.post(PROJECTION + path, exchange -> exchange.answer(projections.steer(name(exchange), action)));
    }

    private void verify(RouteTable routes, String path, ProjectionAction action) {
        routes.post(
                PROJECTION + path,
                exchange -> exchange.answer(projections.verify(exchange.caller(), name(exchange), action)));
    }

    private void put(Exchange exchange) {
        exchange.answer(body(exchange, config.limits().bodyBytes())
                .compose(mapping -> projections.put(name(exchange), mapping)));
    }

    private void query(Exchange exchange) {
        Since since = since(exchange);
        exchange.answer(body(exchange, TableVerbs.BODY_BYTES)
                .compose(body -> tables.query(exchange.caller(), name(exchange), body, since, exchange::whenOver)));
    }

    private Future<Bytes> body(Exchange exchange, int bytesMax) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        return bodies.read(exchange, bytesMax);
    }

    private static String name(Exchange exchange) {
        return exchange.value("projection");
    }

    /** All that the query has and no other meaning is a column. */
    private static TableVerbs.Page page(Exchange exchange, boolean columns) {
        Map<String, String> equal = new LinkedHashMap<>();
        if (columns) {
            for (Map.Entry<String, List<String>> each : exchange.queries().entrySet()) {
                if (!RESERVED.contains(each.getKey())) {
                    if (each.getValue().size() > 1) {
                        throw invalid("the column " + each.getKey() + " is named twice");
                    }
                    equal.put(each.getKey(), each.getValue().get(0));
                }
            }
        }
        return new TableVerbs.Page(equal, exchange.query("order"), exchange.query("after"), exchange.number("limit"));
    }

    private Since since(Exchange exchange) {
        Optional<String> wait = exchange.query("wait");
        Duration patience = wait.map(this::time).orElse(Duration.ZERO);
        if (wait.isPresent() && exchange.query("at").isEmpty()) {
            throw invalid("wait needs at, which says what is waited for");
        }
        if (!patience.isZero()) {
            exchange.untimed();
        }
        return Since.of(exchange.query("at"), patience);
    }

    private Duration time(String text) {
        Duration time = WaitTime.read(text);
        Duration most = Preference.most(config.http());
        return time.compareTo(most) < 0 ? time : most;
    }

    private static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
