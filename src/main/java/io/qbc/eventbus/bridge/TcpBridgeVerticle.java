package io.qbc.eventbus.bridge;

import io.qbc.api.ApiContext;
import io.qbc.api.access.ClientCertificate;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.Permits;
import io.qbc.config.BridgeConfig;
import io.qbc.config.PeerAddress;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle of the TCP bridge: the protocol of Vert.x's own, whose clients there are in many languages. */
public final class TcpBridgeVerticle extends VerticleBase {
    public static final String NAME = "tcp";

    private static final Logger LOG = LoggerFactory.getLogger(TcpBridgeVerticle.class);

    private final ApiContext api;
    private final BridgeConfig.Tcp config;
    private final Permits connections;
    private NetServer server;

    public TcpBridgeVerticle(ApiContext api) {
        this.api = api;
        this.config = api.config().bridges().tcp();
        this.connections = new Permits(config.connections());
    }

    @Override
    public Future<?> start() {
        NetServerOptions options = new NetServerOptions().setTcpKeepAlive(true);
        if (config.tls()) {
            api.tls()
                    .options()
                    .ifPresent(tls -> options.setSsl(true)
                            .setKeyCertOptions(tls.getKeyCertOptions())
                            .setTrustOptions(tls.getTrustOptions())
                            .setClientAuth(tls.getClientAuth())
                            .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                            .setSslHandshakeTimeout(tls.getSslHandshakeTimeout())
                            .setSslHandshakeTimeoutUnit(tls.getSslHandshakeTimeoutUnit()));
        }
        server = vertx.createNetServer(options).connectHandler(this::connected);
        return server.listen(config.port(), config.host())
                .compose(listening -> config.tls()
                        ? api.tls()
                                .follow(tls -> listening.updateSSLOptions(tls, true))
                                .map(listening)
                        : Future.succeededFuture(listening))
                .onSuccess(listening ->
                        LOG.info("the TCP bridge listens on {}:{}", config.host(), listening.actualPort()));
    }

    /** The port that it listens on. */
    public int port() {
        return server.actualPort();
    }

    @Override
    public Future<?> stop() {
        return server.close();
    }

    private void connected(NetSocket socket) {
        Optional.ofNullable(socket.remoteAddress())
                .map(SocketAddress::hostAddress)
                .flatMap(PeerAddress::remote)
                .ifPresentOrElse(address -> connected(socket, address), socket::close);
    }

    private void connected(NetSocket socket, InetAddress address) {
        AddressShare share = api.limits().addresses().join(address);
        if (!connections.take()) {
            refuse(socket, address);
        } else if (!share.connections().take()) {
            connections.release();
            refuse(socket, address);
        } else {
            From from = new From(NAME, address, certificate(socket));
            TcpConnection connection = new TcpConnection(vertx, context, api, from, share, socket);
            socket.closeHandler(closed -> {
                connection.closed();
                connections.release();
                share.connections().release();
                api.limits().addresses().leave(address);
            });
        }
    }

    private void refuse(NetSocket socket, InetAddress address) {
        api.limits().addresses().leave(address);
        api.meters().bridge(NAME).cut("connections");
        socket.close();
    }

    private static Optional<ClientCertificate> certificate(NetSocket socket) {
        if (!socket.isSsl()) {
            return Optional.empty();
        }
        try {
            return socket.peerCertificates().stream()
                    .findFirst()
                    .filter(X509Certificate.class::isInstance)
                    .map(shown -> ClientCertificate.of((X509Certificate) shown));
        } catch (SSLPeerUnverifiedException e) {
            // It has shown none, which it need not.
            return Optional.empty();
        }
    }
}
