package io.qbc.eventbus.cluster;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.Optional;

/**
 * Where a node of the cluster is reached by REST, as it tells all members.
 *
 * @param id of its process in the cluster
 * @param key its public key in hexadecimal digits
 * @param api base address of its REST API
 */
public record Whereabouts(String id, String key, URI api) {
    private static final String KEY = "qbc.key";
    private static final String API = "qbc.api";

    /** What a node tells. */
    public static JsonObject told(String key, String api) {
        return new JsonObject().put(KEY, key).put(API, api);
    }

    /** Nothing where a member is no node, or tells no address. */
    static Optional<Whereabouts> read(String id, JsonObject told) {
        try {
            URI api = told == null ? null : URI.create(String.valueOf(told.getValue(API)));
            return api == null || api.getHost() == null
                    ? Optional.empty()
                    : Optional.of(new Whereabouts(id, String.valueOf(told.getValue(KEY)), api));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
