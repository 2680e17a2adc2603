package io.qbc.front;

import io.qbc.config.PeerAddress;
import io.qbc.http.auth.ProxyRules;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.util.Optional;

/** The fields in which nodes are told for whom a front end speaks. */
final class ForwardedFields {
    private static final String FORWARDED = "Forwarded";
    private static final String FOR = "X-Forwarded-For";
    private static final String HOST = "X-Forwarded-Host";
    private static final String PROTO = "X-Forwarded-Proto";

    private final ProxyRules proxies;

    /** @param proxies before this front end, whose word is taken for how they were reached */
    ForwardedFields(ProxyRules proxies) {
        this.proxies = proxies;
    }

    /** What a caller says of itself goes no further; what a proxy says that is believed is added to. */
    void write(HttpServerRequest from, MultiMap headers) {
        String address = from.remoteAddress().hostAddress();
        if (!isProxy(address)) {
            ProxyRules.SIGNS.forEach(headers::remove);
        }
        String before = String.join(", ", headers.getAll(FOR));
        if (before.isEmpty() && headers.contains(FORWARDED)) {
            // Nodes compare both fields where there are both.
            headers.set(FORWARDED, String.join(", ", headers.getAll(FORWARDED)) + ", for=" + quoted(address));
        } else {
            headers.set(FOR, before.isEmpty() ? address : before + ", " + address);
            absent(headers, PROTO, Optional.of(from.isSSL() ? "https" : "http"));
            absent(headers, HOST, Optional.ofNullable(from.authority()).map(Object::toString));
        }
    }

    /** Whether a request comes from this machine, and from nobody who speaks for another. */
    static boolean isLocal(HttpServerRequest request, HttpConnection connection) {
        return connection.remoteAddress() != null
                && PeerAddress.remote(connection.remoteAddress().hostAddress())
                        .filter(InetAddress::isLoopbackAddress)
                        .isPresent()
                && ProxyRules.SIGNS.stream().noneMatch(request.headers()::contains);
    }

    private static void absent(MultiMap headers, String name, Optional<String> value) {
        if (!headers.contains(name)) {
            value.ifPresent(told -> headers.set(name, told));
        }
    }

    private static String quoted(String address) {
        return address.contains(":") ? "\"[" + address + "]\"" : address;
    }

    private boolean isProxy(String address) {
        return PeerAddress.remote(address).filter(proxies::believes).isPresent();
    }
}
