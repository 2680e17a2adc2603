package io.qbc.http.server;

import io.netty.channel.Channel;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.AddressShares;
import io.qbc.api.limits.Permits;
import io.qbc.api.limits.SharedLimits;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * A handler of connections: so many are let in, of each address a share, and their requests have to come in time. Some
 * more are let in to ask after the node's health and metrics.
 */
public final class Connections implements Handler<HttpConnection> {
    private static final String DECODER = "httpDecoder";
    /** Who asks after the node's health does so at once; a spare connection is not to be held without a word. */
    private static final Duration SPARE_HEADER = Duration.ofSeconds(1);

    private final ConnectionRefuser refuser = new ConnectionRefuser();
    private final SharedLimits shared;
    private final AddressShares addresses;
    private final Deadlines deadlines;
    private final Http1ServerConfig limits;
    private final Duration headerTimeout;
    private final Pace pace;

    public Connections(
            SharedLimits shared, Deadlines deadlines, Http1ServerConfig limits, Duration headerTimeout, Pace pace) {
        this.shared = shared;
        this.addresses = shared.addresses();
        this.deadlines = deadlines;
        this.limits = limits;
        this.headerTimeout = headerTimeout;
        this.pace = pace;
    }

    @Override
    public void handle(HttpConnection connection) {
        Channel channel = CallerConnection.context(connection).channel();
        if (!(channel.remoteAddress() instanceof InetSocketAddress remote)) {
            // It is gone already.
            CallerConnection.cut(connection);
            return;
        }
        AddressShare share = addresses.join(remote.getAddress());
        if (share.connections().take()) {
            begin(connection, share, share.connections());
        } else if (share.spareConnections().take()) {
            begin(connection, share, share.spareConnections());
        } else {
            addresses.leave(remote.getAddress());
            if (!refuser.refuse(connection)) {
                CallerConnection.cut(connection);
            }
        }
    }

    private void begin(HttpConnection connection, AddressShare share, Permits taken) {
        Channel channel = CallerConnection.context(connection).channel();
        boolean spare = taken == share.spareConnections();
        InetAddress address = ((InetSocketAddress) channel.remoteAddress()).getAddress();
        CallerConnection caller = new CallerConnection(channel, address, share, spare, deadlines, pace, shared);
        boolean quick = spare && SPARE_HEADER.compareTo(headerTimeout) < 0;
        Duration headerMax = quick ? SPARE_HEADER : headerTimeout;
        TimedRequestDecoder decoder =
                new TimedRequestDecoder(limits, headerMax, () -> CallerConnection.cut(connection));
        channel.pipeline().replace(VertxHttpRequestDecoder.class, DECODER, decoder);
        deadlines.watch(decoder);
        connection.closeHandler(closed -> {
            deadlines.forget(decoder);
            caller.leave();
            taken.release();
            addresses.leave(address);
        });
    }
}
