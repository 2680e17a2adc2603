package io.qbc.config;

import java.time.Duration;

/**
 * The bridges by which programs without Vert.x, and browsers, reach the public addresses of the event bus.
 *
 * @param messageBytes the longest message that is read
 * @param pendingBytes what may wait for a reader that does not read; one that has more waiting is cut off
 * @param inFlight requests of one connection in work; as long as there are so many nothing more is read of it
 * @param handlers addresses that one connection is registered at
 * @param idleTimeout how long a connection may be without a whole message, a ping being one
 */
public record BridgeConfig(
        int messageBytes, int pendingBytes, int inFlight, int handlers, Duration idleTimeout, Tcp tcp, Sockjs sockjs) {
    /** As it ships. */
    public static final BridgeConfig OFF =
            new BridgeConfig(1 << 20, 1 << 20, 64, 100, Duration.ofSeconds(60), Tcp.OFF, Sockjs.OFF);

    public BridgeConfig {
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
