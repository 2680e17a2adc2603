package io.qbc.http;

import io.qbc.http.legacy.LegacyRoutes;
import io.qbc.http.routes.TransactionRoutes;
import io.qbc.http.server.Endpoint;
import io.qbc.http.server.RequestGate;
import io.qbc.http.server.RouteTable;
import io.qbc.model.Hash;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Map;
import java.util.Optional;

/**
 * Where every request comes in. What must be fast, taking a transaction in and reading one, is recognised here; the
 * router has the same endpoints and finds all others.
 */
final class FastPath implements Handler<HttpServerRequest> {
    private static final String BEFORE_CHAIN = "/v1/chains/";
    private static final String AFTER_CHAIN = "/transactions";
    private static final int ID_DIGITS = 2 * Hash.BYTES;

    private final RouteTable routes;
    private final RequestGate requestGate;
    private final Endpoint inject;
    private final Endpoint legacyInject;
    private final Endpoint find;

    FastPath(RouteTable routes, RequestGate requestGate) {
        this.routes = routes;
        this.requestGate = requestGate;
        inject = routes.endpoint(HttpMethod.POST, TransactionRoutes.INJECT);
        legacyInject = routes.endpoint(HttpMethod.POST, LegacyRoutes.INJECT);
        find = routes.endpoint(HttpMethod.GET, TransactionRoutes.FIND);
    }

    @Override
    public void handle(HttpServerRequest request) {
        String path = Optional.ofNullable(request.path()).orElse("");
        boolean post = HttpMethod.POST.equals(request.method());
        if (post && injects(path)) {
            String chain = path.substring(BEFORE_CHAIN.length(), path.length() - AFTER_CHAIN.length());
            requestGate.enter(request, inject, Map.of("chain", chain));
        } else if (post && path.equals(LegacyRoutes.INJECT)) {
            requestGate.enter(request, legacyInject, Map.of());
        } else if (!path.startsWith("/") || path.endsWith("/")) {
            requestGate.unknown(request);
        } else if (request.authority() == null || !escaped(request.uri())) {
            requestGate.malformed(request);
        } else if (!HttpMethod.GET.equals(request.method()) || !finds(request, path)) {
            routes.handle(request);
        }
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
        requestGate.enter(request, find, Map.of("chain", chain, "id", path.substring(id)));
        return true;
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
}
