package io.qbc.http.server;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.access.Operation.Reach;
import io.qbc.access.SameChain;
import io.qbc.api.access.Access;
import io.qbc.api.access.Excess;
import io.qbc.api.access.Identified;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.http.auth.HostRules;
import io.qbc.http.auth.OriginRules;
import io.qbc.http.auth.OriginRules.Source;
import io.qbc.http.auth.ProxyRules;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The decision of a request before anything else is done for it: who calls, from where, and whether it may. */
public final class AccessGate {
    private static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";
    private static final String FIELDS =
            "Accept, Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer";
    private static final String SHOWN =
            "ETag, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate";
    private static final String PREFLIGHT_SECONDS = "600";
    private static final String MAIN = "main";

    private static final Optional<Refusal> FOREIGN_PAGE = Optional.of(Reason.ORIGIN_REFUSED.refusal(
            "a page of another origin may not call this node; http.origins lists those that may"));
    private static final Optional<Refusal> FOREIGN_NAME = Optional.of(Reason.HOST_REFUSED.refusal(
            "the field Host names another node; http.hosts lists further names of this one"));
    private static final Optional<Refusal> PROXIED = Optional.of(Reason.PROXY_REFUSED.refusal(
            "a proxy sent this, and all behind it would be callers of this machine; set access.mode to required, or"
                    + " http.proxies to the address of the proxy"));
    private static final Optional<Refusal> NO_MAIN =
            Optional.of(Reason.CHAIN_UNKNOWN.refusal("no chain has the name or id " + MAIN));

    /** Names whose hashes are known, since each request is asked for each of them. */
    private static final List<CharSequence> SIGNS =
            ProxyRules.SIGNS.stream().map(HttpHeaders::createOptimized).toList();

    private final Access access;
    private final SameChain same;
    private final HostRules hosts;
    private final OriginRules origins;
    private final ProxyRules proxies;
    private final boolean local;

    /** @param same by which names and ids of a chain are known to be the same */
    public AccessGate(NodeConfig config, Access access, SameChain same) {
        this.access = access;
        this.same = same;
        this.hosts = new HostRules(config);
        this.origins = new OriginRules(config.http().origins());
        this.proxies = new ProxyRules(config.http().proxies());
        this.local = access.mode() == AccessMode.LOOPBACK;
    }

    Operation operation(String method, String template) {
        return access.operation(method, template);
    }

    /**
     * A decision about a request.
     *
     * @param refusal why it is not served; empty if it is, and then the exchange knows who calls
     * @param later present if that is not said yet, but will be in a turn of the same context
     */
    record Decision(Optional<Refusal> refusal, Optional<Future<Optional<Refusal>>> later) {
        private static final Decision SERVED = now(Optional.empty());

        static Decision now(Optional<Refusal> refusal) {
            return new Decision(refusal, Optional.empty());
        }
    }

    /** Whether a request is served. */
    Decision decide(Exchange exchange, Operation operation, long nowNanos) {
        Optional<Refusal> page = page(exchange, operation.audience() == Audience.PEERS);
        if (page.isPresent()) {
            return Decision.now(page);
        }
        MultiMap fields = exchange.request().headers();
        InetAddress address = exchange.connection().address();
        if (proxies.believes(address)) {
            address = proxies.client(fields.getAll(FORWARDED), fields.getAll(FORWARDED_FOR));
        } else if (local && operation.audience() != Audience.PEERS && proxied(fields)) {
            return Decision.now(PROXIED);
        }
        Identified who = identify(exchange, operation, address, nowNanos);
        if (who.pending().isPresent()) {
            InetAddress caller = address;
            return new Decision(
                    who.refusal(),
                    who.pending()
                            .map(pending -> pending.map(known -> refusal(
                                    exchange, operation, identify(exchange, operation, caller, System.nanoTime())))));
        }
        Optional<Refusal> refusal = refusal(exchange, operation, who);
        return refusal.isEmpty() ? Decision.SERVED : Decision.now(refusal);
    }

    private Identified identify(Exchange exchange, Operation operation, InetAddress address, long nowNanos) {
        return access.identify(operation, exchange.header(HttpHeaders.AUTHORIZATION), address, nowNanos);
    }

    private Optional<Refusal> refusal(Exchange exchange, Operation operation, Identified who) {
        who.excess().ifPresent(excess -> tell(exchange, excess));
        if (who.refusal().isPresent()) {
            return who.refusal();
        }
        exchange.calledBy(who.caller());
        return AccessRules.passes(who.caller(), operation) ? Optional.empty() : role(exchange, who.caller(), operation);
    }

    /** Answers a browser that asks whether a page may send what it wants to (Fetch, section 3.2.2). */
    Optional<Refusal> preflight(Exchange exchange) {
        Optional<Refusal> page = page(exchange, false);
        if (page.isEmpty()) {
            MultiMap headers = exchange.response().headers();
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, FIELDS);
            headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
        return page;
    }

    /** A node is called by whatever name a peer knows it by, but never by a page. */
    private Optional<Refusal> page(Exchange exchange, boolean peers) {
        MultiMap fields = exchange.request().headers();
        Optional<String> host = exchange.header(HttpHeaders.HOST);
        // Whether it may be absent was decided before.
        if (!peers && host.isPresent() && !hosts.admits(host.get())) {
            return FOREIGN_NAME;
        }
        Source source = origins.source(
                exchange.header(HttpHeaders.ORIGIN), Optional.ofNullable(fields.get(FETCH_SITE)), host.orElse(""));
        if (source == Source.FOREIGN || (peers && source != Source.PROGRAM)) {
            return FOREIGN_PAGE;
        }
        if (origins.any()) {
            exchange.response().headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        }
        if (source == Source.SHARED) {
            MultiMap headers = exchange.response().headers();
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, fields.get(HttpHeaders.ORIGIN));
            headers.set(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, SHOWN);
        }
        return Optional.empty();
    }

    private static boolean proxied(MultiMap fields) {
        for (CharSequence sign : SIGNS) {
            if (fields.contains(sign)) {
                return true;
            }
        }
        return false;
    }

    private Optional<Refusal> role(Exchange exchange, Caller caller, Operation operation) {
        List<String> chains = new ArrayList<>(2);
        for (String name : operation.chainNames()) {
            exchange.named(name).ifPresent(chains::add);
        }
        if (chains.isEmpty() && operation.reach() == Reach.ROOT) {
            // Without a chain of that name the first one is meant, which may be anybody's.
            if (!same.same(MAIN, MAIN)) {
                return NO_MAIN;
            }
            chains.add(MAIN);
        }
        return AccessRules.refusal(caller, operation, chains, same);
    }

    private static void tell(Exchange exchange, Excess excess) {
        MultiMap headers = exchange.response().headers();
        // In the place of what a problem says without knowing how long.
        exchange.response()
                .headersEndHandler(end -> headers.set(HttpHeaders.RETRY_AFTER, Long.toString(excess.seconds())));
        headers.set("RateLimit", excess.field());
        headers.set("RateLimit-Policy", excess.policy());
    }
}
