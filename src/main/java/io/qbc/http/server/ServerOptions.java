package io.qbc.http.server;

import io.qbc.config.BridgeConfig;
import io.qbc.config.NodeConfig;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.ServerSSLOptions;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The options of an HTTP server as the configuration has them. */
public final class ServerOptions {
    private static final int CHUNK_BYTES = 64 << 10;
    private static final int STREAMS_MAX = 100;

    private ServerOptions() {}

    /**
     * The options of the server.
     *
     * @param tls what it speaks TLS with; nothing for clear text
     */
    public static HttpServerOptions of(NodeConfig config, Optional<ServerSSLOptions> tls) {
        NodeConfig.Http http = config.http();
        int socketBytes = socketBytes(config.bridges());
        HttpServerOptions options = new HttpServerOptions()
                .setMaxInitialLineLength(http.lineBytes())
                .setMaxHeaderSize(http.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setIdleTimeout(
                        (int) Math.min(Integer.MAX_VALUE, http.idleTimeout().toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setHttp2ClearTextEnabled(http.http2ClearText())
                .setInitialSettings(new Http2Settings()
                        .setMaxConcurrentStreams(STREAMS_MAX)
                        .setMaxHeaderListSize(http.headerBytes()))
                .setCompressionSupported(false)
                .setDecompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setPerFrameWebSocketCompressionSupported(false)
                .setMaxWebSocketFrameSize(socketBytes)
                .setMaxWebSocketMessageSize(socketBytes);
        tls.ifPresent(secured -> secure(options, secured));
        return options;
    }

    /** Messages of subscriptions are short; those of a bridge are what callers ask for. */
    private static int socketBytes(BridgeConfig bridges) {
        return bridges.sockjs().enabled()
                ? Math.max(SocketSink.MESSAGE_BYTES_MAX, bridges.messageBytes())
                : SocketSink.MESSAGE_BYTES_MAX;
    }

    private static void secure(HttpServerOptions options, ServerSSLOptions tls) {
        options.setSsl(true)
                .setUseAlpn(true)
                .setAlpnVersions(List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1))
                .setKeyCertOptions(tls.getKeyCertOptions())
                .setTrustOptions(tls.getTrustOptions())
                .setClientAuth(tls.getClientAuth())
                .setEnabledSecureTransportProtocols(tls.getEnabledSecureTransportProtocols())
                .setSslHandshakeTimeout(tls.getSslHandshakeTimeout())
                .setSslHandshakeTimeoutUnit(tls.getSslHandshakeTimeoutUnit());
    }

    /** The same limits for the decoder that takes the place of Vert.x's own. */
    public static Http1ServerConfig decoder(NodeConfig.Http http) {
        return new Http1ServerConfig()
                .setMaxInitialLineLength(http.lineBytes())
                .setMaxHeaderSize(http.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES);
    }
}
