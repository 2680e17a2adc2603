package io.qbc.client.transport;

import java.util.Optional;

/** A verb of the API: its address on the event bus, and its route. */
public enum ApiVerb {
    INJECT("transactions.inject", "POST", "/v1/chains/{chain}/transactions", true),
    FIND_TRANSACTION("transactions.find", "GET", "/v1/chains/{chain}/transactions/{id}", true),
    LIST_TRANSACTIONS("transactions.list", "GET", "/v1/chains/{chain}/transactions", true),
    FIND_QUANT("quants.find", "GET", "/v1/chains/{chain}/quants/{quant}", true),
    LIST_QUANTS("quants.list", "GET", "/v1/chains/{chain}/quants", true),
    LIST_CHAINS("chains.list", "GET", "/v1/chains", true),
    FIND_CHAIN("chains.find", "GET", "/v1/chains/{chain}", true),
    /** Another node may give a spec without a genesis time another one. */
    BANG("chains.create", "POST", "/v1/chains", false),
    LEAP("leaps.leap", "POST", "/v1/chains/{chain}/leaps", false),
    SHOW_NODE("node.show", "GET", "/v1/node", true),
    LIST_SUBSCRIPTIONS("subscriptions.list", "GET", "/v1/chains/{chain}/subscriptions", true),
    PUT_SUBSCRIPTION("subscriptions.put", "PUT", "/v1/chains/{chain}/subscriptions/{name}", true, "subscription"),
    FIND_SUBSCRIPTION("subscriptions.find", "GET", "/v1/chains/{chain}/subscriptions/{name}", true),
    REMOVE_SUBSCRIPTION("subscriptions.remove", "DELETE", "/v1/chains/{chain}/subscriptions/{name}", true),
    STATUS_OF_SUBSCRIPTION("subscriptions.status", "GET", "/v1/chains/{chain}/subscriptions/{name}/status", true),
    PAUSE_SUBSCRIPTION("subscriptions.pause", "POST", "/v1/chains/{chain}/subscriptions/{name}/pause", true),
    RESUME_SUBSCRIPTION("subscriptions.resume", "POST", "/v1/chains/{chain}/subscriptions/{name}/resume", true),
    SEEK_SUBSCRIPTION("subscriptions.seek", "POST", "/v1/chains/{chain}/subscriptions/{name}/seek", true),
    REPLAY_SUBSCRIPTION("subscriptions.replay", "POST", "/v1/chains/{chain}/subscriptions/{name}/replay", true),
    /** Done twice, it would end the secret that receivers still have. */
    ROTATE_SECRET("subscriptions.rotate", "POST", "/v1/chains/{chain}/subscriptions/{name}/secret", false),
    /** A consumer with a name gets the same again. */
    FETCH_EVENTS("subscriptions.fetch", "POST", "/v1/chains/{chain}/subscriptions/{name}/fetch", true),
    COMMIT_OFFSET("subscriptions.commit", "POST", "/v1/chains/{chain}/subscriptions/{name}/commit", true),
    /** Done late, it would take what a consumer of the same name was given meanwhile. */
    RELEASE_LEASE("subscriptions.release", "POST", "/v1/chains/{chain}/subscriptions/{name}/release", false),
    LIST_DEAD_LETTERS("subscriptions.dead", "GET", "/v1/chains/{chain}/subscriptions/{name}/dead", true),
    RETRY_DEAD_LETTER(
            "subscriptions.retry", "POST", "/v1/chains/{chain}/subscriptions/{name}/dead/{number}/retry", false),
    LIST_PROJECTIONS("projections.list", "GET", "/v1/projections", true),
    FIND_PROJECTION("projections.find", "GET", "/v1/projections/{projection}", true),
    PUT_PROJECTION("projections.put", "PUT", "/v1/projections/{projection}", true, "mapping"),
    REMOVE_PROJECTION("projections.remove", "DELETE", "/v1/projections/{projection}", true),
    /** Each begins another one. */
    REBUILD_PROJECTION("projections.rebuild", "POST", "/v1/projections/{projection}/rebuild", false),
    PAUSE_PROJECTION("projections.pause", "POST", "/v1/projections/{projection}/pause", true),
    RESUME_PROJECTION("projections.resume", "POST", "/v1/projections/{projection}/resume", true),
    VERIFY_PROJECTION("projections.verify", "POST", "/v1/projections/{projection}/verify", false),
    CANCEL_VERIFICATION("projections.cancel", "POST", "/v1/projections/{projection}/verify/cancel", true),
    LIST_DEAD_ROWS("projections.dead", "GET", "/v1/projections/{projection}/dead", true),
    RETRY_DEAD_ROWS("projections.retry", "POST", "/v1/projections/{projection}/dead/retry", false),
    LIST_ROWS("projections.rows", "GET", "/v1/projections/{projection}/tables/{table}/rows", true),
    FIND_ROW("projections.row", "GET", "/v1/projections/{projection}/tables/{table}/rows/{key}", true),
    ROW_HISTORY("projections.history", "GET", "/v1/projections/{projection}/tables/{table}/rows/{key}/history", true),
    QUERY_PROJECTION("projections.query", "POST", "/v1/projections/{projection}/query", true),
    /** By REST this is a stream. */
    FOLLOW("events.subscribe", "GET", "/v1/chains/{chain}/events", true);

    private final String address;
    private final String method;
    private final String path;
    private final boolean repeatable;
    private final Optional<String> document;

    ApiVerb(String address, String method, String path, boolean repeatable) {
        this(address, method, path, repeatable, Optional.empty());
    }

    ApiVerb(String address, String method, String path, boolean repeatable, String document) {
        this(address, method, path, repeatable, Optional.of(document));
    }

    ApiVerb(String address, String method, String path, boolean repeatable, Optional<String> document) {
        this.document = document;
        this.address = address;
        this.method = method;
        this.path = path;
        this.repeatable = repeatable;
    }

    /** What comes behind the base of the addresses. */
    public String address() {
        return address;
    }

    public String method() {
        return method;
    }

    public String path() {
        return path;
    }

    /** Whether it does the same when it is asked for twice. */
    public boolean isRepeatable() {
        return repeatable;
    }

    /** The member of a message in which the body stands as a whole; nothing where the body is the message. */
    public Optional<String> document() {
        return document;
    }
}
