package io.qbc.http;

import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** All routes by path and method; a path is looked up segment by segment, at the same cost however many there are. */
final class RouteTable {
    private static final List<String> JSON = List.of(Answer.JSON);

    private final Node root = new Node();
    private final List<Route> routes = new ArrayList<>();
    private final Meters meters;

    RouteTable(Meters meters) {
        this.meters = meters;
    }

    /** A path that exists: its methods, and what its variable segments hold. */
    record Place(Map<HttpMethod, Route> methods, Map<String, String> values) {}

    void get(String template, Consumer<Exchange> handler) {
        add(HttpMethod.GET, template, JSON, handler);
    }

    void get(String template, List<String> offers, Consumer<Exchange> handler) {
        add(HttpMethod.GET, template, offers, handler);
    }

    void post(String template, Consumer<Exchange> handler) {
        add(HttpMethod.POST, template, JSON, handler);
    }

    void post(String template, List<String> offers, Consumer<Exchange> handler) {
        add(HttpMethod.POST, template, offers, handler);
    }

    void put(String template, Consumer<Exchange> handler) {
        add(HttpMethod.PUT, template, JSON, handler);
    }

    List<Route> routes() {
        return List.copyOf(routes);
    }

    /** Looks a path up; empty if there is nothing at it. */
    Optional<Place> find(String path) {
        Node node = root;
        Map<String, String> values = Map.of();
        int at = 1;
        int length = path.length();
        while (at <= length) {
            int slash = path.indexOf('/', at);
            int end = slash < 0 ? length : slash;
            String segment = path.substring(at, end);
            Node next = node.fixed.get(segment);
            if (next == null && node.variable != null && !segment.isEmpty()) {
                next = node.variable;
                values = values.isEmpty() ? new HashMap<>(4) : values;
                values.put(node.variableName, segment);
            }
            if (next == null) {
                return Optional.empty();
            }
            node = next;
            at = end + 1;
        }
        return node.methods.isEmpty() ? Optional.empty() : Optional.of(new Place(node.methods, values));
    }

    private void add(HttpMethod method, String template, List<String> offers, Consumer<Exchange> handler) {
        Route route = new Route(method, template, offers, handler, meters.timing(method + " " + template));
        Node node = root;
        for (String segment : route.template().substring(1).split("/", -1)) {
            node = segment.startsWith("{")
                    ? node.variable(segment.substring(1, segment.length() - 1))
                    : node.fixed.computeIfAbsent(segment, unused -> new Node());
        }
        node.methods.put(route.method(), route);
        routes.add(route);
    }

    private static final class Node {
        private final Map<String, Node> fixed = new HashMap<>();
        private final Map<HttpMethod, Route> methods = new LinkedHashMap<>();
        private Node variable;
        private String variableName = "";

        Node variable(String name) {
            if (variable == null) {
                variable = new Node();
                variableName = name;
            }
            return variable;
        }
    }
}
