package io.qbc.http.server;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.access.Operation.Audience;
import io.qbc.access.Operation.Reach;
import io.qbc.access.SameChain;
import io.qbc.api.access.Access;
import io.qbc.api.access.Access.Shown;
import io.qbc.api.access.ClientCertificate;
import io.qbc.api.access.Excess;
import io.qbc.api.access.Identified;
import io.qbc.api.limits.CallerShares.Kind;
import io.qbc.config.AccessMode;
import io.qbc.config.NodeConfig;
import io.qbc.http.auth.HostRules;
import io.qbc.http.auth.OriginRules;
import io.qbc.http.auth.OriginRules.Source;
import io.qbc.http.auth.ProxyRules;
import io.qbc.http.auth.ProxyView;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** The decision of a request before anything else is done for it: who calls, from where, and whether it may. */
public final class AccessGate {
    private static final CharSequence FETCH_SITE = HttpHeaders.createOptimized("sec-fetch-site");
    private static final CharSequence FETCH_MODE = HttpHeaders.createOptimized("sec-fetch-mode");
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");
    private static final String METHODS = "GET, HEAD, POST, PUT, DELETE";
    private static final String FIELDS =
            "Accept, Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Prefer";
    private static final String SHOWN =
            "ETag, Location, Preference-Applied, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate";
    private static final String PREFLIGHT_SECONDS = "600";
    private static final String MAIN = "main";
    private static final String NAVIGATE = "navigate";

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
    private final String basePath;
    private final RequestAudit audit;
    private final Predicate<Caller> stillProved;

    /** @param same by which names and ids of a chain are known to be the same */
    public AccessGate(NodeConfig config, Access access, SameChain same) {
        this.access = access;
        this.same = same;
        this.hosts = new HostRules(config);
        this.origins = new OriginRules(config.http().origins());
        this.proxies = new ProxyRules(config.http().proxies());
        this.local = access.mode() == AccessMode.LOOPBACK;
        this.basePath = config.http().basePath();
        this.audit = new RequestAudit(access.audit(), same);
        this.stillProved = access::isProvedStill;
    }

    String basePath() {
        return basePath;
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
        InetAddress address = seen(exchange);
        boolean peers = operation.audience() == Audience.PEERS;
        Optional<Refusal> page = page(exchange, peers);
        if (page.isPresent() && !isFollowed(exchange, operation, page.get())) {
            return Decision.now(page);
        }
        boolean direct = !proxies.believes(exchange.connection().address());
        if (direct && local && !peers && proxied(exchange.request().headers())) {
            return Decision.now(PROXIED);
        }
        Identified who = identify(exchange, operation, direct, address, nowNanos);
        if (who.pending().isPresent()) {
            return new Decision(
                    who.refusal(),
                    who.pending().map(pending -> pending.map(known -> again(exchange, operation, direct, address))));
        }
        Optional<Refusal> refusal = refusal(exchange, operation, who, address, nowNanos);
        return refusal.isEmpty() ? Decision.SERVED : Decision.now(refusal);
    }

    private Optional<Refusal> again(Exchange exchange, Operation operation, boolean direct, InetAddress address) {
        long nowNanos = System.nanoTime();
        Identified who = identify(exchange, operation, direct, address, nowNanos);
        return refusal(exchange, operation, who, address, nowNanos);
    }

    private Identified identify(
            Exchange exchange, Operation operation, boolean direct, InetAddress address, long nowNanos) {
        // What a proxy showed vouches for the proxy, not for whom it speaks for.
        Optional<ClientCertificate> certificate = direct ? exchange.connection().certificate() : Optional.empty();
        Shown shown = new Shown(exchange.header(HttpHeaders.AUTHORIZATION), certificate);
        return access.identify(operation, shown, address, nowNanos);
    }

    private Optional<Refusal> refusal(
            Exchange exchange, Operation operation, Identified who, InetAddress address, long nowNanos) {
        if (who.excess().isPresent()) {
            LimitFields.exceeded(exchange, who.excess().get());
        } else {
            access.quota(operation, who.caller(), address, nowNanos)
                    .ifPresent(quota -> LimitFields.left(exchange, quota));
        }
        if (who.refusal().isPresent()) {
            return who.refusal();
        }
        exchange.calledBy(who.caller(), stillProved);
        Optional<Refusal> held = held(exchange, who.caller(), address);
        if (held.isPresent()) {
            return held;
        }
        return AccessRules.passes(who.caller(), operation) ? Optional.empty() : role(exchange, who.caller(), operation);
    }

    /** Learns from where a request comes, and how its caller sees this node; the address of the caller itself. */
    private InetAddress seen(Exchange exchange) {
        InetAddress address = exchange.connection().address();
        if (!proxies.believes(address)) {
            exchange.seenAs(ProxyView.DIRECT, basePath);
        } else {
            MultiMap fields = exchange.request().headers();
            exchange.seenAs(ProxyView.of(fields::getAll), basePath);
            address = proxies.client(fields.getAll(FORWARDED), fields.getAll(FORWARDED_FOR));
            exchange.calledFrom(address);
        }
        if (!address.isLoopbackAddress() && exchange.isSecure()) {
            SecurityFields.setTransport(exchange.response().headers());
        }
        return address;
    }

    /** Why the connection is one too many of its caller's credential; it is also seen how that came. */
    private Optional<Refusal> held(Exchange exchange, Caller caller, InetAddress address) {
        if (caller.id().isEmpty()) {
            return Optional.empty();
        }
        if (!address.isLoopbackAddress() && !exchange.isSecure()) {
            access.exposures().met(address);
        }
        if (exchange.connection().belongs(caller.id())) {
            return Optional.empty();
        }
        int most = exchange.connection().shared().callers().most(Kind.CONNECTIONS);
        Excess excess = Excess.held("connections", most);
        LimitFields.exceeded(exchange, excess);
        exchange.closeAfter();
        return Optional.of(excess.refusal());
    }

    /** Answers a browser that asks whether a page may send what it wants to (Fetch, section 3.2.2). */
    Optional<Refusal> preflight(Exchange exchange, long nowNanos) {
        InetAddress address = seen(exchange);
        Optional<Refusal> page = page(exchange, false);
        Optional<Excess> excess = access.excess(address, nowNanos);
        if (excess.isPresent()) {
            LimitFields.exceeded(exchange, excess.get());
            return Optional.of(excess.get().refusal());
        }
        if (page.isEmpty()) {
            MultiMap headers = exchange.response().headers();
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS);
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS, FIELDS);
            headers.set(HttpHeaders.ACCESS_CONTROL_MAX_AGE, PREFLIGHT_SECONDS);
        }
        return page;
    }

    /** Whether somebody followed a link of another page to one of this node's, which is how addresses are passed on. */
    private static boolean isFollowed(Exchange exchange, Operation operation, Refusal refusal) {
        return operation.equals(Operation.PAGE)
                && refusal.reason() == Reason.ORIGIN_REFUSED
                && exchange.header(FETCH_MODE).filter(NAVIGATE::equals).isPresent();
    }

    /** A node is called by whatever name a peer knows it by, but never by a page. */
    private Optional<Refusal> page(Exchange exchange, boolean peers) {
        MultiMap fields = exchange.request().headers();
        Optional<String> named = exchange.authority();
        Optional<String> host = exchange.host();
        // Whether it may be absent was decided before. What a proxy puts in its place must be a name too: it may pass
        // on what a page made up.
        if (!peers
                && !(named.map(hosts::admits).orElse(true)
                        && host.map(hosts::admits).orElse(true))) {
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

    /** Whether fields show that a proxy sent them. */
    public static boolean proxied(MultiMap fields) {
        for (CharSequence sign : SIGNS) {
            if (fields.contains(sign)) {
                return true;
            }
        }
        return false;
    }

    /** What has the audit trail tell of requests. */
    RequestAudit audit() {
        return audit;
    }

    /** What the request calls the chains that it is about. */
    static List<String> chains(Exchange exchange, Operation operation) {
        List<String> chains = new ArrayList<>(2);
        for (String name : operation.chainNames()) {
            exchange.named(name).ifPresent(chains::add);
        }
        return chains;
    }

    private Optional<Refusal> role(Exchange exchange, Caller caller, Operation operation) {
        List<String> chains = chains(exchange, operation);
        if (chains.isEmpty() && operation.reach() == Reach.ROOT && !caller.mayEverywhere(operation.role())) {
            // Without a chain of that name the first one is meant, which may be anybody's.
            if (!same.same(MAIN, MAIN)) {
                return NO_MAIN;
            }
            chains.add(MAIN);
        }
        return AccessRules.refusal(caller, operation, chains, same);
    }
}
