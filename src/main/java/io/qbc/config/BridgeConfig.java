package io.qbc.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The bridges by which programs without Vert.x, and browsers, reach the public addresses of the event bus.
 *
 * @param permitted verbs that callers of the bridges may use, like {@code transactions.find} or {@code chains.*}; all
 *     of them where none is listed
 * @param messageBytes the longest message that is read
 * @param pendingBytes what may wait for a reader that does not read; one that has more waiting is cut off
 * @param inFlight requests of one connection in work; as long as there are so many nothing more is read of it
 * @param handlers addresses that one connection is registered at
 * @param idleTimeout how long a connection may be without a whole message, a ping being one
 */
public record BridgeConfig(
        List<String> permitted,
        int messageBytes,
        int pendingBytes,
        int inFlight,
        int handlers,
        Duration idleTimeout,
        Tcp tcp,
        Sockjs sockjs) {
    private static final Pattern PERMITTED = Pattern.compile("[a-z]+(\\.([a-z]+|\\*))?");

    /** As it ships. */
    public static final BridgeConfig OFF =
            new BridgeConfig(List.of(), 1 << 20, 1 << 20, 64, 100, Duration.ofSeconds(60), Tcp.OFF, Sockjs.OFF);

    public BridgeConfig {
        permitted = List.copyOf(permitted);
        for (String each : permitted) {
            if (!PERMITTED.matcher(each).matches()) {
                throw new ConfigException("bridges.permitted lists verbs of the event bus like transactions.find or"
                        + " transactions.* but has '" + each + "'");
            }
        }
        Require.range("bridges.messageBytes", messageBytes, 1024, 1 << 28);
        Require.range("bridges.pendingBytes", pendingBytes, 1024, 1 << 28);
        Require.range("bridges.inFlight", inFlight, 1, 100_000);
        Require.range("bridges.handlers", handlers, 1, 100_000);
        Require.positive("bridges.idleTimeout", idleTimeout);
    }

    /**
     * The TCP bridge.
     *
     * @param tls whether it speaks TLS, with the certificate of {@code http.tls}
     */
    public record Tcp(boolean enabled, String host, int port, boolean tls, int connections) {
        static final Tcp OFF = new Tcp(false, "127.0.0.1", 7000, false, 256);

        public Tcp {
            Require.text("bridges.tcp.host", host);
            host = PeerAddress.unbracketed(host);
            Require.range("bridges.tcp.port", port, 0, 65_535);
            Require.range("bridges.tcp.connections", connections, 1, 1_000_000);
        }
    }

    /**
     * The SockJS bridge of the HTTP server.
     *
     * @param path below which it is
     */
    public record Sockjs(boolean enabled, String path, int connections) {
        static final Sockjs OFF = new Sockjs(false, "/eventbus", 256);

        public Sockjs {
            if (!path.matches("(/[A-Za-z0-9_-]+)+") || path.matches("/(v1|health|metrics|console|docs)(/.*)?")) {
                throw new ConfigException(
                        "bridges.sockjs.path must be a path of its own like /eventbus but is '" + path + "'");
            }
            Require.range("bridges.sockjs.connections", connections, 1, 1_000_000);
        }
    }

    /** Refuses TLS without a certificate. */
    void require(NodeConfig.Tls http) {
        if (tcp.enabled() && tcp.tls() && !http.isOn()) {
            throw new ConfigException("bridges.tcp.tls needs the certificate of http.tls.certificate");
        }
    }
}
