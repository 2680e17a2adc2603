package io.qbc.http.server;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.CallerShares.Kind;
import io.qbc.api.limits.SharedLimits;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.HttpServerConnection;
import java.net.InetAddress;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * A connection of a caller: what its address may take, and whether more is read of what it sends. The server itself
 * would keep some twenty pieces of 64 KiB of what nobody wants yet, too much for each of some thousand callers.
 */
final class CallerConnection {
    private static final AttributeKey<CallerConnection> KEY = AttributeKey.valueOf(CallerConnection.class, "caller");

    private final Channel channel;
    private final InetAddress address;
    private final AddressShare share;
    private final boolean spare;
    private final Deadlines deadlines;
    private final Pace pace;
    private final SharedLimits shared;
    private final boolean encrypted;
    private String credential = "";
    private int begun;
    private boolean paused;
    private boolean closing;

    /**
     * The caller on a channel.
     *
     * @param spare whether only the node's health and metrics are answered to it, as there is no room for more
     * @param shared where it is counted what the caller takes, and when it is cut off because it does not read
     */
    CallerConnection(
            Channel channel,
            InetAddress address,
            AddressShare share,
            boolean spare,
            Deadlines deadlines,
            Pace pace,
            SharedLimits shared) {
        this.channel = channel;
        this.address = address;
        this.share = share;
        this.spare = spare;
        this.deadlines = deadlines;
        this.pace = pace;
        this.shared = shared;
        this.encrypted = channel.pipeline().get(SslHandler.class) != null;
        channel.attr(KEY).set(this);
    }

    static CallerConnection of(HttpConnection connection) {
        return context(connection).channel().attr(KEY).get();
    }

    /** A request's header was read from a channel. */
    static void began(Channel channel) {
        Optional.ofNullable(channel.attr(KEY).get()).ifPresent(CallerConnection::began);
    }

    static ChannelHandlerContext context(HttpConnection connection) {
        return ((HttpServerConnection) connection).channelHandlerContext();
    }

    /** Closes a connection at once: by itself it would first send what waits, and a caller may not read that. */
    static void cut(HttpConnection connection) {
        var unusedClose = context(connection).close();
    }

    /** From where it comes; a proxy's, if one is between. */
    InetAddress address() {
        return address;
    }

    AddressShare share() {
        return share;
    }

    boolean isSpare() {
        return spare;
    }

    Deadlines deadlines() {
        return deadlines;
    }

    /** Whether its connection is closed. */
    boolean isGone() {
        return !channel.isActive();
    }

    Pace pace() {
        return pace;
    }

    LongAdder stalled() {
        return shared.stalledReaders();
    }

    /** Whether it is under TLS. */
    boolean isEncrypted() {
        return encrypted;
    }

    SharedLimits shared() {
        return shared;
    }

    /**
     * Counts the connection among those of the credential that a request shows; false if that has as many as it may.
     * One that brings requests of several, as a proxy's may, counts for the last.
     */
    boolean belongs(String id) {
        if (id.equals(credential)) {
            return true;
        }
        if (!id.isEmpty() && !shared.callers().take(Kind.CONNECTIONS, id)) {
            return false;
        }
        leave();
        credential = id;
        return true;
    }

    /** It is closed, or counts for nobody any more. */
    void leave() {
        if (!credential.isEmpty()) {
            shared.callers().release(Kind.CONNECTIONS, credential);
            credential = "";
        }
    }

    /** It is closed after the answer that is being given: what was sent behind that request is none (RFC 9112, 9.6). */
    void closeAfter() {
        closing = true;
    }

    boolean isClosing() {
        return closing;
    }

    /** Bytes that the system has not taken yet, as the caller did not take what came before. */
    long unsent() {
        ChannelOutboundBuffer buffer = channel.unsafe().outboundBuffer();
        return buffer == null ? 0 : buffer.totalPendingWriteBytes() - buffer.currentProgress();
    }

    /** Reads nothing until told otherwise; the connection's own pause would go on reading for a while. */
    void pause(boolean now) {
        paused = now;
        read();
    }

    /** A request was answered. */
    void ended() {
        begun--;
        if (begun == 1) {
            read();
        }
    }

    private void began() {
        begun++;
        if (begun > 1) {
            read();
        }
    }

    /** Who sends the next request before the last one was answered waits with the one after it. */
    private void read() {
        if (channel.isActive()) {
            channel.config().setAutoRead(!paused && begun <= 1);
        }
    }
}
