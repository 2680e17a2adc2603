package io.qbc.eventbus.bridge;

import io.qbc.api.ApiContext;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.limits.AddressShare;
import io.qbc.api.limits.ByteBudget;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A connection of the TCP bridge. */
final class TcpConnection implements BridgeOutput {
    private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);
    private static final JsonObject PONG = new JsonObject().put("type", "pong");

    private final NetSocket socket;
    private final ByteBudget bodyBytes;
    private final ByteBudget streamBytes;
    private final TcpFrames frames;
    private final BridgeSession session;
    private long held;
    private boolean paused;
    private boolean reading;

    TcpConnection(Vertx vertx, Context context, ApiContext api, From from, AddressShare share, NetSocket socket) {
        this.socket = socket;
        this.bodyBytes = share.bodyBytes();
        this.streamBytes = share.streamBytes();
        this.frames = new TcpFrames(api.config().bridges().messageBytes());
        this.session = new BridgeSession(vertx, context, api, from, this);
        socket.handler(this::came);
        socket.exceptionHandler(cause -> LOG.debug("a connection of the TCP bridge failed: {}", cause.toString()));
    }

    /** It is closed, by whomever. */
    void closed() {
        session.close();
        hold(0);
    }

    private void came(Buffer bytes) {
        frames.add(bytes);
        if (!hold(frames.held())) {
            session.cut("busy");
            return;
        }
        read();
    }

    /** A pause may come with a message: what is behind it waits. */
    private void read() {
        if (reading) {
            return;
        }
        reading = true;
        try {
            while (!paused) {
                Optional<String> next = frames.next();
                if (next.isEmpty()) {
                    break;
                }
                session.heard(next.get());
            }
        } finally {
            reading = false;
        }
        if (frames.isBroken()) {
            session.cut("frame");
        }
        boolean unused = hold(frames.held());
    }

    private boolean hold(long bytes) {
        if (bytes > held && !bodyBytes.take(bytes - held)) {
            return false;
        }
        if (bytes < held) {
            bodyBytes.release(held - bytes);
        }
        held = bytes;
        return true;
    }

    @Override
    public Future<Void> send(Buffer text) {
        Buffer frame = TcpFrames.frame(text);
        int size = frame.length();
        if (!streamBytes.take(size)) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers"));
        }
        return socket.write(frame).onComplete(taken -> streamBytes.release(size));
    }

    @Override
    public void pause(boolean now) {
        paused = now;
        if (now) {
            socket.pause();
        } else {
            socket.resume();
            read();
        }
    }

    /** Closing would first send what waits, and a caller may not read that. */
    @Override
    public void cut(String why) {
        LOG.debug("{} is cut off: {}", socket.remoteAddress(), why);
        var unusedClose = ((NetSocketInternal) socket).channelHandlerContext().close();
    }

    @Override
    public String type() {
        return "message";
    }

    @Override
    public JsonObject pong() {
        return PONG;
    }
}
