package io.qbc.http.server;

import io.qbc.api.Answer;
import io.qbc.api.Meters;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** All that can be asked for by path and method: a vertx-web router with a route for each. */
public final class RouteTable {
    private static final List<String> JSON = List.of(Answer.JSON);
    private static final int NOT_FOUND = 404;
    private static final int NOT_WELL_FORMED = 400;

    private final Router router;
    private final RequestGate requestGate;
    private final Meters meters;
    /** By path, in the order in which they were added. */
    private final Map<String, Map<HttpMethod, Endpoint>> places = new LinkedHashMap<>();

    public RouteTable(Router router, RequestGate requestGate, Meters meters) {
        this.router = router;
        this.requestGate = requestGate;
        this.meters = meters;
    }

    public void get(String template, Consumer<Exchange> handler) {
        add(HttpMethod.GET, template, JSON, handler);
    }

    public void get(String template, List<String> offers, Consumer<Exchange> handler) {
        add(HttpMethod.GET, template, offers, handler);
    }

    public void post(String template, Consumer<Exchange> handler) {
        add(HttpMethod.POST, template, JSON, handler);
    }

    public void post(String template, List<String> offers, Consumer<Exchange> handler) {
        add(HttpMethod.POST, template, offers, handler);
    }

    public void put(String template, Consumer<Exchange> handler) {
        add(HttpMethod.PUT, template, JSON, handler);
    }

    public void delete(String template, Consumer<Exchange> handler) {
        add(HttpMethod.DELETE, template, JSON, handler);
    }

    /** Ends the table: what is asked of a path in another way, and of another path, is refused. */
    public RouteTable closed() {
        places.forEach((template, methods) -> {
            Set<HttpMethod> served = Set.copyOf(methods.keySet());
            route(template).handler(context -> requestGate.notAllowed(context.request(), served));
        });
        router.errorHandler(NOT_FOUND, context -> requestGate.unknown(context.request()));
        router.errorHandler(NOT_WELL_FORMED, context -> requestGate.malformed(context.request()));
        return this;
    }

    /** What is served by a method at a path that was added. */
    public Endpoint endpoint(HttpMethod method, String template) {
        return places.get(template).get(method);
    }

    public Router router() {
        return router;
    }

    public void handle(HttpServerRequest request) {
        router.handle(request);
    }

    private void add(HttpMethod method, String template, List<String> offers, Consumer<Exchange> handler) {
        Endpoint endpoint = new Endpoint(method, template, offers, handler, meters.route(method.name(), template));
        places.computeIfAbsent(template, unused -> new LinkedHashMap<>()).put(method, endpoint);
        Route route = route(template).method(method);
        if (HttpMethod.GET.equals(method)) {
            route.method(HttpMethod.HEAD);
        }
        route.handler(context -> requestGate.enter(context.request(), endpoint, context.pathParams()));
    }

    /** The path is taken as it was sent, so that there is one address for each thing; only its values are decoded. */
    private Route route(String template) {
        return router.route(template.replace("{", ":").replace("}", ""))
                .setName(template)
                .useNormalizedPath(false);
    }
}
