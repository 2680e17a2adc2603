package io.qbc.http.server;

import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.api.Answer;
import io.qbc.api.Meters;
import io.qbc.api.RouteMeter;
import io.qbc.api.limits.Permits;
import io.qbc.model.Hash;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A table of all that can be asked for by path and method, and the handler of every request. What must be fast, taking
 * a transaction in and reading one, is recognised here; a vertx-web router has the same endpoints and finds all others.
 */
public final class RouteTable implements Handler<HttpServerRequest> {
    public static final String INJECT = "/v1/chains/{chain}/transactions";
    public static final String FIND_TRANSACTION = INJECT + "/{id}";
    public static final String LEGACY_INJECT = "/inject";

    private static final String BEFORE_CHAIN = "/v1/chains/";
    private static final String AFTER_CHAIN = "/transactions";
    private static final int ID_DIGITS = 2 * Hash.BYTES;
    private static final List<String> JSON = List.of(Answer.JSON);
    private static final int NOT_FOUND = 404;
    private static final int NOT_WELL_FORMED = 400;

    private final Router router;
    private final RequestGate gate;
    private final Meters meters;
    private final AccessGate access;
    private final String basePath;
    /** By path, in the order in which they were added. */
    private final Map<String, Map<HttpMethod, Endpoint>> places = new LinkedHashMap<>();

    private final PagePlaces pages = new PagePlaces();

    /**
     * One thing that can be asked for.
     *
     * @param offers the forms of the answer, the usual one first
     * @param meter where its requests are counted
     * @param vital whether there is a reserve for it under any load: who asks after the node's health would take a busy
     *     one for a dead one
     * @param typed whether a body must say what it is
     * @param operation who may ask for it
     */
    record Endpoint(
            List<String> offers,
            Consumer<Exchange> handler,
            RouteMeter meter,
            boolean vital,
            boolean typed,
            Operation operation) {
        Endpoint {
            offers = List.copyOf(offers);
        }
    }

    /**
     * A table without routes.
     *
     * @param spareRequests how many requests after the node's health and metrics are served beyond all others
     */
    public RouteTable(Vertx vertx, Permits spareRequests, Meters meters, AccessGate access) {
        this.router = Router.router(vertx);
        this.gate = new RequestGate(spareRequests, meters, access);
        this.meters = meters;
        this.access = access;
        this.basePath = access.basePath();
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

    /** What browsers alone are served at a path: {@code /}, a page's name, or with {@code /} at the end all below. */
    public void page(String path, Consumer<Exchange> handler) {
        RouteMeter meter = meters.route(HttpMethod.GET.name(), path);
        pages.add(path, new Endpoint(List.of(Answer.HTML), handler, meter, false, false, Operation.PAGE));
    }

    /** Ends the table: what is asked of a path in another way, and of another path, is refused. */
    public RouteTable closed() {
        places.forEach((template, methods) -> {
            Set<HttpMethod> served = Set.copyOf(methods.keySet());
            routes(template).forEach(route -> route.handler(context -> gate.notAllowed(context.request(), served)));
        });
        router.errorHandler(NOT_FOUND, context -> gate.unknown(context.request()));
        router.errorHandler(NOT_WELL_FORMED, context -> gate.malformed(context.request()));
        return this;
    }

    public Router router() {
        return router;
    }

    @Override
    public void handle(HttpServerRequest request) {
        if (RequestGate.isBehindTheLast(request)) {
            return;
        }
        String path = below(Optional.ofNullable(request.path()).orElse(""));
        Optional<PagePlaces.Place> page = pages.find(request, path);
        if (HttpMethod.OPTIONS.equals(request.method()) && asksBeforehand(request)) {
            gate.preflight(request);
            return;
        }
        boolean post = HttpMethod.POST.equals(request.method());
        if (post && injects(path)) {
            String chain = path.substring(BEFORE_CHAIN.length(), path.length() - AFTER_CHAIN.length());
            gate.enter(request, endpoint(HttpMethod.POST, INJECT), Map.of("chain", chain));
        } else if (post && path.equals(LEGACY_INJECT)) {
            gate.enter(request, endpoint(HttpMethod.POST, LEGACY_INJECT), Map.of());
        } else if (HttpMethod.OPTIONS.equals(request.method()) && "*".equals(request.uri())) {
            gate.notAllowed(request, allMethods());
        } else if (!path.startsWith("/") || (path.endsWith("/") && page.isEmpty())) {
            gate.unknown(request);
        } else if (isOldCheck(request, path)) {
            gate.enter(request, endpoint(HttpMethod.GET, path), Map.of());
        } else if (request.authority() == null || !escaped(request.uri())) {
            gate.malformed(request);
        } else if (page.isPresent()) {
            page.get().serve(request, gate);
        } else if (!HttpMethod.GET.equals(request.method()) || !finds(request, path)) {
            router.handle(request);
        }
    }

    private Set<HttpMethod> allMethods() {
        return places.values().stream()
                .flatMap(methods -> methods.keySet().stream())
                .collect(Collectors.toSet());
    }

    /** Whether it asks after the node's health in HTTP/1.0, without saying whom it asks. */
    private boolean isOldCheck(HttpServerRequest request, String path) {
        boolean read = HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
        return read && request.version() == HttpVersion.HTTP_1_0 && request.authority() == null && isVital(path);
    }

    private boolean isVital(String path) {
        return places.containsKey(path) && endpoint(HttpMethod.GET, path).vital();
    }

    private static boolean asksBeforehand(HttpServerRequest request) {
        return request.headers().contains(HttpHeaders.ORIGIN)
                && request.headers().contains(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
    }

    /** Whether a path is that of a chain's transactions and needs no decoding. */
    private static boolean injects(String path) {
        int end = path.length() - AFTER_CHAIN.length();
        return end > BEFORE_CHAIN.length()
                && path.endsWith(AFTER_CHAIN)
                && path.startsWith(BEFORE_CHAIN)
                && path.indexOf('/', BEFORE_CHAIN.length()) == end
                && path.indexOf('%') < 0;
    }

    /** Serves the request if its path is that of one transaction and needs no decoding. */
    private boolean finds(HttpServerRequest request, String path) {
        int id = path.length() - ID_DIGITS;
        int end = id - AFTER_CHAIN.length() - 1;
        if (end <= BEFORE_CHAIN.length()
                || path.charAt(id - 1) != '/'
                || !path.startsWith(AFTER_CHAIN, end)
                || !path.startsWith(BEFORE_CHAIN)
                || path.indexOf('/', BEFORE_CHAIN.length()) != end
                || path.indexOf('/', id) >= 0
                || path.indexOf('%') >= 0) {
            return false;
        }
        String chain = path.substring(BEFORE_CHAIN.length(), end);
        Map<String, String> values = Map.of("chain", chain, "id", path.substring(id));
        gate.enter(request, endpoint(HttpMethod.GET, FIND_TRANSACTION), values);
        return true;
    }

    /** Whether two hexadecimal digits follow every percent sign (RFC 3986 section 2.1). */
    private static boolean escaped(String uri) {
        for (int at = uri.indexOf('%'); at >= 0; at = uri.indexOf('%', at + 1)) {
            if (at + 2 >= uri.length()
                    || Character.digit(uri.charAt(at + 1), 16) < 0
                    || Character.digit(uri.charAt(at + 2), 16) < 0) {
                return false;
            }
        }
        return true;
    }

    private Endpoint endpoint(HttpMethod method, String template) {
        return places.get(template).get(method);
    }

    private void add(HttpMethod method, String template, List<String> offers, Consumer<Exchange> handler) {
        boolean vital = template.startsWith("/health/") || template.equals("/metrics");
        Operation operation = access.operation(method.name(), template);
        boolean typed = template.startsWith("/v1/") && operation.audience() != Audience.PEERS;
        Endpoint endpoint =
                new Endpoint(offers, handler, meters.route(method.name(), template), vital, typed, operation);
        places.computeIfAbsent(template, unused -> new LinkedHashMap<>()).put(method, endpoint);
        routes(template).forEach(route -> {
            route.method(method);
            if (HttpMethod.GET.equals(method)) {
                route.method(HttpMethod.HEAD);
            }
            route.handler(context -> gate.enter(context.request(), endpoint, context.pathParams()));
        });
    }

    /** A path without the one below which a proxy shows this node; other nodes and health checks come without one. */
    private String below(String path) {
        if (!basePath.isEmpty() && path.equals(basePath)) {
            return "/";
        }
        boolean prefixed = !basePath.isEmpty()
                && path.startsWith(basePath)
                && path.length() > basePath.length()
                && path.charAt(basePath.length()) == '/';
        return prefixed ? path.substring(basePath.length()) : path;
    }

    /** With a base path there are two to each thing. */
    private List<Route> routes(String template) {
        return basePath.isEmpty()
                ? List.of(route(template, template))
                : List.of(route(template, template), route(template, basePath + template));
    }

    /** The path is taken as it was sent, so that there is one address for each thing; only its values are decoded. */
    private Route route(String template, String path) {
        return router.route(path.replace("{", ":").replace("}", ""))
                .setName(template)
                .useNormalizedPath(false);
    }
}
