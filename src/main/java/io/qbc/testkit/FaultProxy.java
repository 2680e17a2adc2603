package io.qbc.testkit;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A proxy between callers and a node, which can be slow, or gone. */
final class FaultProxy {
    private static final String HOST = "127.0.0.1";

    private final Vertx vertx;
    private final NetServer server;
    private final NetClient client;
    private final Set<NetSocket> sockets = ConcurrentHashMap.newKeySet();
    private volatile int target;
    private volatile long delayMillis;
    private volatile boolean cut;

    private FaultProxy(Vertx vertx) {
        this.vertx = vertx;
        this.server = vertx.createNetServer();
        this.client = vertx.createNetClient();
    }

    static Future<FaultProxy> start(Vertx vertx) {
        FaultProxy proxy = new FaultProxy(vertx);
        return proxy.server.connectHandler(proxy::connected).listen(0, HOST).map(proxy);
    }

    String url() {
        return "http://" + HOST + ":" + server.actualPort();
    }

    void to(String url) {
        target = URI.create(url).getPort();
    }

    void delay(long millis) {
        delayMillis = millis;
    }

    /** Ends all connections and takes no more, or takes them again. */
    void cut(boolean off) {
        cut = off;
        if (off) {
            List.copyOf(sockets).forEach(NetSocket::close);
        }
    }

    private void connected(NetSocket caller) {
        if (cut) {
            caller.close();
            return;
        }
        caller.pause();
        keep(caller);
        client.connect(target, HOST).onFailure(cause -> caller.close()).onSuccess(node -> {
            keep(node);
            pass(caller, node);
            pass(node, caller);
            caller.resume();
        });
    }

    private void keep(NetSocket socket) {
        sockets.add(socket);
        socket.closeHandler(closed -> sockets.remove(socket));
        if (cut) {
            socket.close();
        }
    }

    /** In their order, as timers of one delay go off in theirs. */
    private void pass(NetSocket from, NetSocket to) {
        from.handler(bytes -> {
            if (delayMillis > 0) {
                vertx.setTimer(delayMillis, timer -> write(from, to, bytes));
            } else {
                write(from, to, bytes);
            }
        });
        from.exceptionHandler(cause -> to.close());
        from.endHandler(end -> to.close());
    }

    private static void write(NetSocket from, NetSocket to, Buffer bytes) {
        to.write(bytes);
        if (to.writeQueueFull()) {
            from.pause();
            to.drainHandler(drained -> from.resume());
        }
    }

    Future<Void> close() {
        return Future.join(client.close(), server.close()).mapEmpty();
    }
}
