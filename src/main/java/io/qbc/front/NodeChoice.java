package io.qbc.front;

import io.vertx.core.Future;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The choice of the nodes that may answer a request, the best one first. */
final class NodeChoice {
    /** A field in which a caller names a node by its key, and an answer the node that it is of. */
    static final String NODE = "Qbc-Node";

    private static final int FOUND = 200;
    private static final int NOT_FOUND = 404;
    private static final int PLACES_MAX = 1_000;
    private static final long PLACE_NANOS = 30_000_000_000L;
    private static final long PROBE_MILLIS = 5_000;

    private final HttpClient client;
    private final NodeRoster roster;
    private final Map<String, Place> places = new LinkedHashMap<>();
    private int turn;

    private record Place(String id, long until) {}

    NodeChoice(HttpClient client, NodeRoster roster) {
        this.client = client;
        this.roster = roster;
    }

    /** Nodes in the order in which to try them; none where none serves. */
    Future<List<ServingNode>> of(HttpServerRequest request) {
        Optional<String> named = Optional.ofNullable(request.getHeader(NODE));
        if (named.isPresent()) {
            return roster.all()
                    .map(all -> all.stream()
                            .filter(target -> target.key().equalsIgnoreCase(named.get()))
                            .toList());
        }
        RequestPath path = RequestPath.of(request.path());
        // Who knows no such chain says so best.
        Future<List<ServingNode>> able = path.chain()
                .map(chain -> roster.keeping(chain)
                        .compose(keeping -> keeping.isEmpty() ? roster.all() : Future.succeededFuture(keeping)))
                .orElseGet(roster::all);
        return able.compose(targets -> path.kept().isPresent() && targets.size() > 1
                ? keeper(path.kept().get(), targets, request)
                : Future.succeededFuture(inTurn(targets)));
    }

    private List<ServingNode> inTurn(List<ServingNode> targets) {
        List<ServingNode> turned = new ArrayList<>(targets);
        Collections.rotate(turned, targets.isEmpty() ? 0 : -(turn++ & Integer.MAX_VALUE) % targets.size());
        return turned;
    }

    /** The node that has a subscription or projection; where none has it, always the same one. */
    private Future<List<ServingNode>> keeper(String kept, List<ServingNode> targets, HttpServerRequest request) {
        List<ServingNode> order = targets.stream()
                .sorted(Comparator.comparingInt((ServingNode target) -> (kept + target.key()).hashCode()))
                .toList();
        Place place = places.get(kept);
        if (place != null && place.until() - System.nanoTime() > 0) {
            Optional<ServingNode> known = order.stream()
                    .filter(target -> target.id().equals(place.id()))
                    .findFirst();
            if (known.isPresent()) {
                return Future.succeededFuture(List.of(known.get()));
            }
        }
        return probe(kept, order, 0, Optional.empty(), request).map(List::of);
    }

    private void remember(String kept, ServingNode target) {
        if (places.size() >= PLACES_MAX) {
            places.remove(places.keySet().iterator().next());
        }
        places.put(kept, new Place(target.id(), System.nanoTime() + PLACE_NANOS));
    }

    /**
     * Asks one after the other.
     *
     * @param failure of one that could not be asked, which may be the one that has it
     */
    private Future<ServingNode> probe(
            String kept, List<ServingNode> order, int index, Optional<Throwable> failure, HttpServerRequest request) {
        if (index == order.size()) {
            return failure.isEmpty()
                    ? Future.succeededFuture(order.get(0))
                    : Future.failedFuture(new NoNodeException(failure));
        }
        ServingNode target = order.get(index);
        RequestOptions options =
                options(target).setMethod(HttpMethod.GET).setURI(kept).setTimeout(PROBE_MILLIS);
        Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .ifPresent(credential -> options.putHeader(HttpHeaders.AUTHORIZATION, credential));
        return client.request(options)
                .compose(HttpClientRequest::send)
                .compose(answer -> answer.body().map(answer.statusCode()))
                .transform(asked -> {
                    if (asked.failed()) {
                        return probe(kept, order, index + 1, Optional.of(asked.cause()), request);
                    }
                    if (asked.result() == NOT_FOUND) {
                        return probe(kept, order, index + 1, failure, request);
                    }
                    if (asked.result() == FOUND) {
                        remember(kept, target);
                    }
                    // Whom it refuses, or is too busy for, it tells so itself.
                    return Future.succeededFuture(target);
                });
    }

    /** A request to a node. */
    static RequestOptions options(ServingNode target) {
        return new RequestOptions()
                .setHost(target.host())
                .setPort(target.port())
                .setSsl(target.isSecure());
    }
}
