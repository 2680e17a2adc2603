package io.qbc.http.server;

import io.qbc.api.RouteMeter;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.function.Consumer;

/**
 * One thing that can be asked for.
 *
 * @param template the path, with names in braces for its variable segments
 * @param offers the forms of the answer, the usual one first
 * @param meter where its requests are counted
 */
public record Endpoint(
        HttpMethod method, String template, List<String> offers, Consumer<Exchange> handler, RouteMeter meter) {
    public Endpoint {
        offers = List.copyOf(offers);
    }

    /** Whether it is answered under any load: who asks after the node's health would take a busy one for a dead one. */
    boolean vital() {
        return template.startsWith("/health/");
    }
}
