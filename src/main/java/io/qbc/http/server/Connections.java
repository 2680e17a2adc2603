package io.qbc.http.server;

import io.qbc.api.Permits;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A handler of connections, of which so many are let in, and whose requests have to come in time. */
public final class Connections implements Handler<HttpConnection> {
    private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
    private static final String DECODER = "httpDecoder";

    private final ConnectionRefuser refuser = new ConnectionRefuser();
    private final Permits permits;
    private final Deadlines deadlines;
    private final Http1ServerConfig limits;
    private final Duration headerTimeout;

    public Connections(Permits permits, Deadlines deadlines, Http1ServerConfig limits, Duration headerTimeout) {
        this.permits = permits;
        this.deadlines = deadlines;
        this.limits = limits;
        this.headerTimeout = headerTimeout;
    }

    @Override
    public void handle(HttpConnection connection) {
        if (!permits.take()) {
            if (!refuser.refuse(connection)) {
                close(connection);
            }
            return;
        }
        TimedRequestDecoder decoder = new TimedRequestDecoder(limits, headerTimeout, () -> close(connection));
        ((HttpServerConnection) connection)
                .channelHandlerContext()
                .pipeline()
                .replace(VertxHttpRequestDecoder.class, DECODER, decoder);
        deadlines.watch(decoder);
        connection.closeHandler(closed -> {
            deadlines.forget(decoder);
            permits.release();
        });
    }

    private static void close(HttpConnection connection) {
        connection.close().onFailure(cause -> LOG.debug("{} was gone", connection.remoteAddress()));
    }
}
