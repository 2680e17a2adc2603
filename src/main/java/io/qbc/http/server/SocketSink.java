package io.qbc.http.server;

import io.qbc.api.limits.ByteBudget;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.ServerWebSocket;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A WebSocket (RFC 6455) of a caller: one of the streams that may be open, written at the pace of its reader within the
 * budget of bytes, and read one message at a time.
 */
public final class SocketSink {
    /** Of what callers send, which is short; what is longer closes the socket. */
    public static final int MESSAGE_BYTES_MAX = 16 * 1024;

    private static final Logger LOG = LoggerFactory.getLogger(SocketSink.class);
    private static final short PROTOCOL_ERROR = 1002;
    private static final String VERSION = "13";

    private final Exchange exchange;
    private final ServerWebSocket socket;
    private final ReaderWatch watch;

    private SocketSink(Exchange exchange, ServerWebSocket socket) {
        this.exchange = exchange;
        this.socket = socket;
        this.watch = new ReaderWatch(exchange, () -> {});
    }

    /** Refuses a request that asks for something else. */
    public static void require(Exchange exchange) {
        boolean asked = !exchange.isMultiplexed()
                && exchange.header(HttpHeaders.UPGRADE)
                        .filter("websocket"::equalsIgnoreCase)
                        .isPresent()
                && exchange.header("sec-websocket-version")
                        .filter(VERSION::equals)
                        .isPresent()
                && exchange.header("sec-websocket-key").isPresent();
        if (!asked) {
            throw new Failure(
                    Reason.REQUEST_INVALID, "this is for a WebSocket; ask for one by HTTP/1.1 with Upgrade: websocket");
        }
    }

    /** Opens the socket that a request asks for; fails, and the request is answered, if that may not be. */
    public static Future<SocketSink> open(Exchange exchange) {
        return Streams.take(exchange)
                .map(place -> exchange.upgrade()
                        .map(socket -> new SocketSink(exchange, socket))
                        .onSuccess(sink -> sink.begin(place))
                        .onFailure(cause -> {
                            place.run();
                            exchange.fail(cause);
                        }))
                .orElseGet(() -> Future.failedFuture(new HttpClosedException("there is no place for the socket")));
    }

    private void begin(Runnable place) {
        socket.pause();
        socket.closeHandler(closed -> {
            place.run();
            exchange.closed();
        });
        socket.exceptionHandler(cause -> LOG.debug("a socket failed: {}", cause.toString()));
        socket.binaryMessageHandler(bytes -> close(PROTOCOL_ERROR, "messages are text"));
    }

    /** Runs once when the socket is closed, by whomever. */
    public void whenClosed(Runnable work) {
        exchange.whenOver(work);
    }

    /** Hears the caller's messages, the next one after {@link #more}. */
    public void hear(Consumer<String> listener) {
        socket.textMessageHandler(listener::accept);
        socket.fetch(1);
    }

    /** Asks for the next message. */
    public void more() {
        socket.fetch(1);
    }

    /** Sends a message; complete when the system has taken it. */
    public Future<Void> send(Buffer text) {
        ByteBudget budget = exchange.streamBytes();
        int size = text.length();
        if (socket.isClosed()) {
            return Future.failedFuture(new HttpClosedException("the caller left"));
        }
        if (!budget.take(size)) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers of streams"));
        }
        return watched(socket.writeTextMessage(text.toString())).onComplete(taken -> budget.release(size));
    }

    /** Keeps a quiet socket alive, and finds out whether somebody is there still. */
    public void ping() {
        if (!socket.isClosed() && !socket.writeQueueFull()) {
            watched(socket.writePing(Buffer.buffer()))
                    .onFailure(cause -> LOG.debug("a socket cannot be pinged: {}", cause.toString()));
        }
    }

    private Future<Void> watched(Future<Void> written) {
        if (written.isComplete()) {
            return written;
        }
        watch.begin();
        return written.onComplete(taken -> watch.end());
    }

    /** Closes it, and says why. */
    public void close(short code, String why) {
        if (!socket.isClosed()) {
            socket.close(code, why).onFailure(cause -> LOG.debug("a socket cannot be closed: {}", cause.toString()));
        }
    }
}
