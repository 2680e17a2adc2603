package io.qbc.client;

import io.vertx.core.http.HttpMethod;

/** A verb of the API: its address on the event bus, and its route. */
enum ApiVerb {
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
    /** By REST this is a stream. */
    FOLLOW("events.subscribe", "GET", "/v1/chains/{chain}/events", true);

    private final String address;
    private final String method;
    private final String path;
    private final boolean repeatable;

    ApiVerb(String address, String method, String path, boolean repeatable) {
        this.address = address;
        this.method = method;
        this.path = path;
        this.repeatable = repeatable;
    }

    /** What comes behind the base of the addresses. */
    String address() {
        return address;
    }

    HttpMethod method() {
        return HttpMethod.valueOf(method);
    }

    String path() {
        return path;
    }

    /** Whether it does the same when it is asked for twice. */
    boolean isRepeatable() {
        return repeatable;
    }
}
