package io.qbc.e2e;

import io.qbc.Patience;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/**
 * A TCP proxy in front of one port of loopback, whose line can be cut, healed and made slow. It is given to a node
 * as the
 * peer's address, so that a test can split a network without touching the machine's.
 */
public final class TcpProxy implements AutoCloseable {

    private final Vertx vertx = Vertx.vertx();
    private final NetClient client = vertx.createNetClient();
    private final Set<NetSocket> open = ConcurrentHashMap.newKeySet();
    private final int target;
    private final int port;
    private volatile boolean cut;
    private volatile IntPredicate refused = port -> false;
    private volatile long delayMs;

    /** Listens at a free port and passes on to the target port. */
    public TcpProxy(int target) {
        this(target, Ports.free());
    }

    public TcpProxy(int target, int port) {
        this.target = target;
        this.port = port;
        NetServer server = vertx.createNetServer().connectHandler(this::accept);
        settle(server.listen(port, "127.0.0.1"));
    }

    public int port() {
        return port;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Ends every connection, and every new one at once, until {@link #heal()}. */
    public void cut() {
        cut = true;
        open.forEach(NetSocket::close);
    }

    /** Ends every connection from such a local port, and every new one at once, until {@link #heal()}. */
    public void cutFrom(IntPredicate sourcePort) {
        refused = sourcePort;
        open.stream().filter(this::isRefused).forEach(NetSocket::close);
    }

    public void heal() {
        cut = false;
        refused = port -> false;
    }

    /** From now on every byte comes so much later, in both directions; zero ends it. */
    public void delay(Duration delay) {
        delayMs = delay.toMillis();
    }

    @Override
    public void close() {
        settle(vertx.close());
    }

    private void accept(NetSocket from) {
        if (cut || isRefused(from)) {
            from.close().onFailure(gone -> open.remove(from));
            return;
        }
        track(from);
        from.pause();
        client.connect(target, "127.0.0.1")
                .onSuccess(to -> {
                    track(to);
                    to.pause();
                    new Line(from, to).open();
                    new Line(to, from).open();
                    if (cut) {
                        from.close().onFailure(gone -> open.remove(from));
                    }
                })
                .onFailure(refused -> from.close());
    }

    private boolean isRefused(NetSocket socket) {
        return refused.test(socket.remoteAddress().port());
    }

    private void track(NetSocket socket) {
        open.add(socket);
        socket.exceptionHandler(broken -> socket.close());
    }

    private static void settle(Future<?> future) {
        try {
            Patience.outcome(future);
        } catch (Exception e) {
            throw new IllegalStateException("the proxy cannot go on", e);
        }
    }

    /**
     * One direction of a connection; what comes later never overtakes what came before, also when the delay changes.
     */
    private final class Line {
        private final NetSocket from;
        private final NetSocket to;
        private final Deque<Buffer> underway = new ArrayDeque<>();
        private long dueMs;
        private boolean ended;

        Line(NetSocket from, NetSocket to) {
            this.from = from;
            this.to = to;
        }

        void open() {
            from.handler(this::carry);
            from.closeHandler(closed -> {
                open.remove(from);
                ended = true;
                finish();
            });
            to.drainHandler(drained -> from.resume());
            from.resume();
        }

        private void carry(Buffer bytes) {
            long nowMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
            dueMs = Math.max(dueMs, nowMs + delayMs);
            if (dueMs <= nowMs && underway.isEmpty()) {
                write(bytes);
                return;
            }
            underway.add(bytes);
            vertx.setTimer(Math.max(1, dueMs - nowMs), fired -> {
                write(underway.remove());
                finish();
            });
        }

        private void write(Buffer bytes) {
            to.write(bytes).onFailure(broken -> from.close());
            if (to.writeQueueFull()) {
                from.pause();
            }
        }

        private void finish() {
            if (ended && underway.isEmpty()) {
                to.close();
            }
        }
    }
}
