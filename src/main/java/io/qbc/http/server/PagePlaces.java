package io.qbc.http.server;

import io.qbc.http.server.RouteTable.Endpoint;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The places of pages for people. They are no operations of the API, and no program that calls the node meets them. */
final class PagePlaces {
    /** The value of a place's rest, which names a file below it. */
    static final String FILE = "file";

    private static final String ROOT = "/";
    private static final String HTML = "text/html";
    private static final Set<HttpMethod> SERVED = Set.of(HttpMethod.GET);

    /** Every request is looked for among them, so that they are few and nothing is made for those that have none. */
    private final List<Known> places = new ArrayList<>();

    private record Known(String path, Endpoint endpoint) {
        boolean isFolder() {
            return path.endsWith(ROOT) && !path.equals(ROOT);
        }
    }

    /**
     * A place that a path leads to.
     *
     * @param file what follows the place's own path; empty for the place itself
     */
    record Place(Endpoint endpoint, String file) {
        void serve(HttpServerRequest request, RequestGate gate) {
            if (isRead(request)) {
                gate.enter(request, endpoint, Map.of(FILE, file));
            } else {
                gate.notAllowed(request, SERVED);
            }
        }
    }

    /** A path that ends in {@code /} is the place of all below it, but for the root, where the API is too. */
    void add(String path, Endpoint endpoint) {
        places.add(new Known(path, endpoint));
    }

    /** The place of a path; at the root for browsers alone. */
    Optional<Place> find(HttpServerRequest request, String path) {
        for (Known place : places) {
            String known = place.path();
            if (path.startsWith(known) && (path.length() == known.length() || place.isFolder())) {
                boolean shown = !known.equals(ROOT) || isBrowsers(request);
                return shown
                        ? Optional.of(new Place(place.endpoint(), path.substring(known.length())))
                        : Optional.empty();
            }
        }
        return Optional.empty();
    }

    private static boolean isRead(HttpServerRequest request) {
        return HttpMethod.GET.equals(request.method()) || HttpMethod.HEAD.equals(request.method());
    }

    /** Whether somebody wants a page: programs that take anything do not name its type. */
    private static boolean isBrowsers(HttpServerRequest request) {
        String accept = request.headers().get(HttpHeaders.ACCEPT);
        return isRead(request) && accept != null && accept.contains(HTML);
    }
}
