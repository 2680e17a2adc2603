package io.qbc.http.server;

import io.netty.channel.Channel;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.AddressShares;
import io.qbc.api.limits.Permits;
import io.qbc.api.limits.SharedLimits;
import io.qbc.config.NodeConfig;
import io.vertx.core.Handler;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

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
    private final Duration idleTimeout;
    private final Pace pace;
    /** Whether the decoder may not be replaced, as it has read the first request already to see whether it upgrades. */
    private final boolean upgrades;

    public Connections(SharedLimits shared, Deadlines deadlines, Http1ServerConfig limits, NodeConfig config) {
        this.shared = shared;
        this.addresses = shared.addresses();
        this.deadlines = deadlines;
        this.limits = limits;
        this.headerTimeout = config.http().headerTimeout();
        this.idleTimeout = config.http().idleTimeout();
        this.pace = Pace.of(config.budgets());
        this.upgrades = config.http().http2ClearText() && !config.http().tls().isOn();
    }

    /** Tells that a request came on a connection, where no gate does it. */
    public static void entered(HttpConnection connection) {
        Optional.ofNullable(CallerConnection.of(connection)).ifPresent(CallerConnection::entered);
    }

    /** Tells that a request on a connection was answered, where no gate does it. */
    public static void answered(HttpConnection connection) {
        Optional.ofNullable(CallerConnection.of(connection)).ifPresent(CallerConnection::ended);
    }

    /** The share of the address at a connection's other end; none where health and metrics alone are answered. */
    public static Optional<AddressShare> share(HttpConnection connection) {
        return Optional.ofNullable(CallerConnection.of(connection))
                .filter(caller -> !caller.isSpare())
                .map(CallerConnection::share);
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
        CallerConnection caller = new CallerConnection(connection, address, share, spare, deadlines, pace, shared);
        boolean quick = spare && SPARE_HEADER.compareTo(headerTimeout) < 0;
        Duration headerMax = quick ? SPARE_HEADER : headerTimeout;
        Deadlines.Timed timed;
        if (caller.isMultiplexed() || upgrades) {
            caller.countAtGate();
            timed = new QuietConnection(caller, headerMax, idleTimeout, () -> CallerConnection.cut(connection));
        } else {
            TimedRequestDecoder decoder =
                    new TimedRequestDecoder(limits, headerMax, () -> CallerConnection.cut(connection));
            channel.pipeline().replace(VertxHttpRequestDecoder.class, DECODER, decoder);
            timed = decoder;
        }
        deadlines.watch(timed);
        connection.closeHandler(closed -> {
            deadlines.forget(timed);
            caller.leave();
            taken.release();
            addresses.leave(address);
        });
    }
}
