package io.qbc.http;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Where every request comes in: it is counted, checked and led to its route. */
final class Entrance implements Handler<HttpServerRequest> {
    private static final Set<HttpMethod> METHODS = Set.of(
            HttpMethod.GET,
            HttpMethod.HEAD,
            HttpMethod.POST,
            HttpMethod.PUT,
            HttpMethod.DELETE,
            HttpMethod.PATCH,
            HttpMethod.OPTIONS,
            HttpMethod.TRACE,
            HttpMethod.CONNECT);

    private final RouteTable routes;
    private final Slots requests;
    private final Meters.Timing elsewhere;

    Entrance(RouteTable routes, Slots requests, Meters meters) {
        this.routes = routes;
        this.requests = requests;
        this.elsewhere = meters.timing("none");
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = Optional.ofNullable(request.path()).orElse("");
        Optional<RouteTable.Place> place = path.startsWith("/") ? routes.find(path) : Optional.empty();
        Optional<Route> route = place.flatMap(found -> route(found, request.method()));
        Optional<String> form = route.flatMap(found -> form(request, found));
        Map<String, String> values = place.map(RouteTable.Place::values).orElse(Map.of());
        Exchange exchange = new Exchange(request, values, form.orElse(Answer.JSON));
        if (!admit(exchange, route)) {
            refuse(exchange, Reason.BUSY.refusal("too many requests are in work"));
        } else if (request.headers().getAll(HttpHeaders.HOST).size() != 1) {
            refuse(exchange, Reason.REQUEST_INVALID.refusal("exactly one Host field is required"));
        } else if (place.isEmpty()) {
            refuse(exchange, Reason.ROUTE_UNKNOWN.refusal("there is nothing at this path"));
        } else if (route.isEmpty()) {
            notAllowed(exchange, place.get());
        } else if (form.isEmpty()) {
            String offers = String.join(", ", route.get().offers());
            refuse(exchange, Reason.NOT_ACCEPTABLE.refusal("offered are " + offers));
        } else {
            serve(exchange, route.get());
        }
    }

    /** Answers what is no HTTP request: 414, 431 or 400; the server closes the connection afterwards. */
    static void invalid(HttpServerRequest request) {
        Throwable cause = request.decoderResult().cause();
        Refusal refusal = cause instanceof TooLongHttpLineException
                ? Reason.URI_TOO_LONG.refusal("the request line is too long")
                : cause instanceof TooLongHttpHeaderException
                        ? Reason.HEADERS_TOO_LARGE.refusal("the header fields together are too large")
                        : Reason.REQUEST_INVALID.refusal("this is not a well-formed HTTP/1.1 request");
        Exchange exchange = new Exchange(request, Map.of(), Answer.JSON);
        exchange.closeAfter();
        exchange.problem(refusal);
    }

    private static void serve(Exchange exchange, Route route) {
        try {
            route.handler().accept(exchange);
        } catch (Failure failure) {
            refuse(exchange, failure.refusal());
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    /** The form of the answer that the caller likes best; empty if it likes none. */
    private static Optional<String> form(HttpServerRequest request, Route route) {
        String accept = request.headers().get(HttpHeaders.ACCEPT);
        return accept == null ? Optional.of(route.offers().get(0)) : MediaTypes.choose(accept, route.offers());
    }

    private static Optional<Route> route(RouteTable.Place place, HttpMethod method) {
        HttpMethod wanted = HttpMethod.HEAD.equals(method) ? HttpMethod.GET : method;
        return Optional.ofNullable(place.methods().get(wanted));
    }

    private static void notAllowed(Exchange exchange, RouteTable.Place place) {
        Set<String> allowed =
                place.methods().keySet().stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        String list = String.join(", ", allowed);
        HttpMethod method = exchange.request().method();
        exchange.response().headers().set(HttpHeaders.ALLOW, list);
        Refusal refusal = Reason.METHOD_NOT_ALLOWED.refusal(method + " is not among " + list);
        closeUnlessRead(exchange);
        exchange.problem(METHODS.contains(method) ? 405 : 501, refusal);
    }

    private static void refuse(Exchange exchange, Refusal refusal) {
        closeUnlessRead(exchange);
        exchange.problem(refusal);
    }

    /** A body that nobody reads must not be taken for the next request, nor be read for ever. */
    private static void closeUnlessRead(Exchange exchange) {
        boolean body = exchange.header(HttpHeaders.TRANSFER_ENCODING).isPresent()
                || exchange.header(HttpHeaders.CONTENT_LENGTH)
                        .filter(length -> !length.equals("0"))
                        .isPresent();
        if (body) {
            exchange.closeAfter();
        }
    }

    /** Counts a request in, and out again when it is over; false if there are too many. */
    private boolean admit(Exchange exchange, Optional<Route> route) {
        boolean admitted = requests.take();
        long since = System.nanoTime();
        Meters.Timing timing = route.map(Route::timing).orElse(elsewhere);
        exchange.whenOver(() -> {
            timing.record(System.nanoTime() - since, exchange.response().getStatusCode());
            if (admitted) {
                requests.release();
            }
        });
        return admitted;
    }
}
