package io.qbc.http.server;

import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.qbc.access.Operation;
import io.qbc.api.Answer;
import io.qbc.api.Meters;
import io.qbc.api.RouteMeter;
import io.qbc.api.limits.Permits;
import io.qbc.bus.Failure;
import io.qbc.http.server.RouteTable.Endpoint;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A gate that every request passes: it is counted, checked and served, or refused. */
public final class RequestGate {
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

    /** Of the length of a body that is read to its end although nobody wants it: below 10,000 bytes. */
    private static final int SMALL_DIGITS = 4;

    private final Permits spareRequests;
    private final RouteMeter elsewhere;
    private final AccessGate access;

    /** @param spareRequests for those who ask after the node's health or metrics while no other request is served */
    RequestGate(Permits spareRequests, Meters meters, AccessGate access) {
        this.spareRequests = spareRequests;
        this.elsewhere = meters.route("none", "none");
        this.access = access;
    }

    /** Serves a request; {@code values} is what the path's variable segments hold. */
    void enter(HttpServerRequest request, Endpoint endpoint, Map<String, String> values) {
        Optional<String> form = form(request, endpoint);
        Exchange exchange = new Exchange(request, values, form.orElse(Answer.JSON));
        if (endpoint.offers().size() > 1) {
            exchange.response().headers().set(HttpHeaders.VARY, HttpHeaders.ACCEPT);
        }
        if (!admit(exchange, endpoint.meter(), endpoint.vital()) || !entitled(exchange, endpoint.operation())) {
            return;
        }
        if (unnamed(exchange, endpoint)) {
            refuse(exchange, Reason.MEDIA_TYPE_UNSUPPORTED.refusal("a body needs the field Content-Type"));
        } else if (form.isEmpty()) {
            String offers = String.join(", ", endpoint.offers());
            refuse(exchange, Reason.NOT_ACCEPTABLE.refusal("offered are " + offers));
        } else {
            access.audit().around(exchange, endpoint.operation(), () -> serve(exchange, endpoint), RequestGate::refuse);
        }
    }

    void unknown(HttpServerRequest request) {
        elsewhere(request)
                .ifPresent(exchange -> refuse(exchange, Reason.ROUTE_UNKNOWN.refusal("there is nothing at this path")));
    }

    void malformed(HttpServerRequest request) {
        elsewhere(request)
                .ifPresent(exchange -> refuse(exchange, Reason.REQUEST_INVALID.refusal("the address is malformed")));
    }

    /** Tells which methods there are at a path, and refuses all others. */
    void notAllowed(HttpServerRequest request, Set<HttpMethod> served) {
        elsewhere(request).ifPresent(exchange -> notAllowed(exchange, served));
    }

    /** Whether the connection is to be closed since what it brings is in doubt; then it is, and nothing is answered. */
    static boolean isBehindTheLast(HttpServerRequest request) {
        boolean closing = request.version() != HttpVersion.HTTP_2
                && CallerConnection.of(request.connection()).isClosing();
        if (closing) {
            request.connection().close();
        }
        return closing;
    }

    /** Answers what is no HTTP request: 414, 431 or 400; the server closes the connection afterwards. */
    public static void invalid(HttpServerRequest request) {
        if (isBehindTheLast(request)) {
            return;
        }
        Throwable cause = request.decoderResult().cause();
        Refusal refusal = cause instanceof RefusedHeader
                ? Reason.REQUEST_INVALID.refusal(cause.getMessage())
                : cause instanceof TooLongHttpLineException
                        ? Reason.URI_TOO_LONG.refusal("the request line is too long")
                        : cause instanceof TooLongHttpHeaderException
                                ? Reason.HEADERS_TOO_LARGE.refusal("the header fields together are too large")
                                : Reason.REQUEST_INVALID.refusal("this is not a well-formed HTTP/1.1 request");
        Exchange exchange = new Exchange(request, Map.of(), Answer.JSON);
        exchange.closeAfter();
        exchange.problem(refusal);
    }

    private Optional<Exchange> elsewhere(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, Map.of(), Answer.JSON);
        return admit(exchange, elsewhere, false) && entitled(exchange, Operation.NOTHING)
                ? Optional.of(exchange)
                : Optional.empty();
    }

    /** Answers a browser that asks beforehand. */
    void preflight(HttpServerRequest request) {
        Exchange exchange = new Exchange(request, Map.of(), Answer.JSON);
        if (admit(exchange, elsewhere, false)) {
            access.preflight(exchange, System.nanoTime())
                    .ifPresentOrElse(refusal -> refuse(exchange, refusal), exchange::noContent);
        }
    }

    /** Whether the caller may ask for this; it was refused if it may not. */
    private boolean entitled(Exchange exchange, Operation operation) {
        Optional<Refusal> refusal;
        try {
            refusal = access.refusal(exchange, operation, System.nanoTime());
        } catch (Failure failure) {
            refusal = Optional.of(failure.refusal());
        }
        refusal.ifPresent(why -> {
            access.audit().refused(exchange, operation, why);
            refuse(exchange, why);
        });
        return refusal.isEmpty();
    }

    /** Whether there is a body and nothing says what it is, where that must be said. */
    private static boolean unnamed(Exchange exchange, Endpoint endpoint) {
        return endpoint.typed()
                && hasBody(exchange)
                && exchange.header(HttpHeaders.CONTENT_TYPE).isEmpty();
    }

    private static boolean hasBody(Exchange exchange) {
        return exchange.header(HttpHeaders.TRANSFER_ENCODING).isPresent()
                || exchange.header(HttpHeaders.CONTENT_LENGTH)
                        .filter(length -> !length.equals("0"))
                        .isPresent();
    }

    private static void serve(Exchange exchange, Endpoint endpoint) {
        try {
            endpoint.handler().accept(exchange);
        } catch (Failure failure) {
            refuse(exchange, failure.refusal());
        } catch (RuntimeException e) {
            exchange.fail(e);
        }
    }

    /** The only form there is, or the one that the caller likes best; empty if it likes none of several. */
    private static Optional<String> form(HttpServerRequest request, Endpoint endpoint) {
        if (endpoint.offers().size() == 1) {
            return Optional.of(endpoint.offers().get(0));
        }
        String accept = request.headers().get(HttpHeaders.ACCEPT);
        return accept == null ? Optional.of(endpoint.offers().get(0)) : MediaTypes.choose(accept, endpoint.offers());
    }

    private static void notAllowed(Exchange exchange, Set<HttpMethod> served) {
        Set<String> allowed = served.stream().map(HttpMethod::name).collect(Collectors.toCollection(TreeSet::new));
        if (allowed.contains("GET")) {
            allowed.add("HEAD");
        }
        allowed.add("OPTIONS");
        String list = String.join(", ", allowed);
        HttpMethod method = exchange.request().method();
        exchange.response().headers().set(HttpHeaders.ALLOW, list);
        if (HttpMethod.OPTIONS.equals(method)) {
            closeUnlessRead(exchange);
            exchange.noContent();
            return;
        }
        Refusal refusal = Reason.METHOD_NOT_ALLOWED.refusal(method + " is not among " + list);
        closeUnlessRead(exchange);
        exchange.problem(METHODS.contains(method) ? 405 : 501, refusal);
    }

    private static void refuse(Exchange exchange, Refusal refusal) {
        closeUnlessRead(exchange);
        exchange.problem(refusal);
    }

    /** Closing costs both sides more than a small body that is let fall, and comes when there is least to spare. */
    private static void busy(Exchange exchange) {
        boolean small = exchange.header(HttpHeaders.CONTENT_LENGTH)
                .filter(length -> length.length() <= SMALL_DIGITS)
                .isPresent();
        if (!small) {
            closeUnlessRead(exchange);
        }
        exchange.problem(Reason.BUSY.refusal("too many requests are in work"));
    }

    /** A body that nobody reads must not be taken for the next request, nor be read for ever. */
    private static void closeUnlessRead(Exchange exchange) {
        if (hasBody(exchange)) {
            exchange.closeAfter();
        }
    }

    /** Counts a request in, and out again when it is over; false if it was refused. */
    private boolean admit(Exchange exchange, RouteMeter meter, boolean vital) {
        CallerConnection connection = exchange.connection();
        Permits requests = connection.share().requests();
        boolean regular = !connection.isSpare() && requests.take();
        boolean admitted = regular || (vital && spareRequests.take());
        long since = System.nanoTime();
        exchange.whenOver(() -> {
            connection.ended();
            count(exchange, meter, System.nanoTime() - since);
            if (admitted) {
                (regular ? requests : spareRequests).release();
            }
        });
        if (connection.isSpare()) {
            exchange.closeAfter();
        }
        if (!admitted) {
            busy(exchange);
            return false;
        }
        return isWellFramed(exchange, vital);
    }

    /** Whether it is known for whom the request is and what its body is; otherwise it was refused. */
    private static boolean isWellFramed(Exchange exchange, boolean vital) {
        MultiMap headers = exchange.request().headers();
        int hosts = headers.getAll(HttpHeaders.HOST).size();
        // Balancers ask after a node's health in HTTP/1.0, which has no Host.
        if (hosts != 1 && !(hosts == 0 && vital && exchange.request().version() == HttpVersion.HTTP_1_0)) {
            exchange.closeAfter();
            exchange.problem(Reason.REQUEST_INVALID.refusal("exactly one Host field is required"));
            return false;
        }
        if (isForTwoHosts(exchange)) {
            exchange.closeAfter();
            exchange.problem(Reason.REQUEST_INVALID.refusal("the address and the field Host name two hosts"));
            return false;
        }
        if (isOther(headers, HttpHeaders.TRANSFER_ENCODING, "chunked")) {
            exchange.closeAfter();
            exchange.problem(501, Reason.REQUEST_INVALID.refusal("chunked is the only transfer coding"));
            return false;
        }
        if (isOther(headers, HttpHeaders.CONTENT_ENCODING, "identity")) {
            exchange.response().headers().set(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY);
            refuse(exchange, Reason.MEDIA_TYPE_UNSUPPORTED.refusal("a body is taken as it is, in no Content-Encoding"));
            return false;
        }
        return true;
    }

    /** Whether the address is a whole one (RFC 9112 section 3.2.2), of another host than the field names. */
    private static boolean isForTwoHosts(Exchange exchange) {
        String address = exchange.request().uri();
        int host = address.startsWith("/") ? -1 : address.indexOf("://");
        if (host < 0) {
            return false;
        }
        String named = exchange.header(HttpHeaders.HOST).orElse("");
        int end = host + 3 + named.length();
        boolean same = address.regionMatches(true, host + 3, named, 0, named.length())
                && (end == address.length() || "/?".indexOf(address.charAt(end)) >= 0);
        return !same;
    }

    /** Whether a field is there, and says something else than this. */
    private static boolean isOther(MultiMap headers, CharSequence field, String only) {
        String value = headers.get(field);
        return value != null
                && (!value.equalsIgnoreCase(only) || headers.getAll(field).size() > 1);
    }

    private static void count(Exchange exchange, RouteMeter meter, long nanos) {
        if (!exchange.response().headWritten()) {
            meter.untimed(RouteMeter.CALLER_LEFT);
        } else if (exchange.isTimed()) {
            meter.timed(exchange.response().getStatusCode(), nanos);
        } else {
            meter.untimed(exchange.response().getStatusCode());
        }
    }
}
