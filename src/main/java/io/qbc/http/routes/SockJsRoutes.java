package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.limits.Permits;
import io.qbc.config.BridgeConfig;
import io.qbc.eventbus.bridge.BridgeOutput;
import io.qbc.eventbus.bridge.BridgeSession;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.SocketSink;
import io.qbc.model.Reason;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/**
 * The routes of SockJS (protocol 0.3.3) over WebSocket, which every browser has; the fall-backs of others are not
 * served. The message bus behind it is reached as by the TCP bridge.
 */
public final class SockJsRoutes {
    private static final String NAME = "sockjs";
    private static final Pattern SESSION = Pattern.compile("[^./]+/[^./]+/websocket");
    private static final String RAW = "websocket";
    private static final String INFO = "info";

    private final Vertx vertx;
    private final Context context;
    private final ApiContext api;
    private final BridgeConfig.Sockjs config;
    private final Permits connections;
    private final Set<Socket> open = new HashSet<>();

    /** @param connections that all instances may have together */
    public SockJsRoutes(Vertx vertx, Context context, ApiContext api, Permits connections) {
        this.vertx = vertx;
        this.context = context;
        this.api = api;
        this.config = api.config().bridges().sockjs();
        this.connections = connections;
    }

    public void addTo(RouteTable routes) {
        if (config.enabled()) {
            routes.page(config.path() + "/", this::serve);
        }
    }

    /** Keeps quiet sockets alive. */
    public void beat() {
        List.copyOf(open).forEach(Socket::beat);
    }

    private void serve(Exchange exchange) {
        String file = exchange.value("file");
        if (file.equals(INFO)) {
            info(exchange);
        } else if (file.equals(RAW) || SESSION.matcher(file).matches()) {
            open(exchange, !file.equals(RAW));
        } else {
            exchange.problem(Reason.ROUTE_UNKNOWN, "this bridge serves info and WebSockets");
        }
    }

    private static void info(Exchange exchange) {
        MultiMap headers = exchange.response().headers();
        headers.set(HttpHeaders.CACHE_CONTROL, "no-store");
        if (headers.contains(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN)) {
            // The clients ask with credentials, which mean nothing here, and a browser wants this to be said then.
            headers.set(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        exchange.answer(Answer.object(
                200,
                info -> info.flag("websocket", true)
                        .flag("cookie_needed", false)
                        .texts("origins", List.of("*:*"))
                        .number("entropy", ThreadLocalRandom.current().nextLong(1L << 32))));
    }

    private void open(Exchange exchange, boolean framed) {
        SocketSink.require(exchange);
        if (!connections.take()) {
            api.meters().bridge(NAME).cut("connections");
            exchange.problem(Reason.BUSY, "too many connections of the bridge are open");
            return;
        }
        exchange.whenOver(connections::release);
        SocketSink.open(exchange).onSuccess(sink -> new Socket(exchange, sink, framed).begin());
    }

    /** One caller's socket. */
    private final class Socket implements BridgeOutput {
        private static final short GOING_AWAY = 1001;
        private static final short TOO_LONG = 1009;

        private final Exchange exchange;
        private final SocketSink sink;
        private final boolean framed;
        private final BridgeSession session;
        private boolean paused;
        private boolean due;
        private boolean reading;
        /** Messages of one frame; a pause may come with each. */
        private final Queue<String> came = new ArrayDeque<>();

        Socket(Exchange exchange, SocketSink sink, boolean framed) {
            this.exchange = exchange;
            this.sink = sink;
            this.framed = framed;
            this.session = new BridgeSession(vertx, context, api, exchange.from(NAME), this);
        }

        void begin() {
            open.add(this);
            sink.whenClosed(() -> {
                open.remove(this);
                session.close();
            });
            if (framed) {
                sink.send(Buffer.buffer("o"));
            }
            sink.hear(this::heard);
        }

        private void heard(String text) {
            if (text.length() > api.config().bridges().messageBytes()) {
                sink.close(TOO_LONG, "the message is too long");
                return;
            }
            came.addAll(framed ? messages(text) : List.of(text));
            due = true;
            more();
        }

        /** What is no list of texts is for the session to refuse. */
        private List<String> messages(String text) {
            if (text.isEmpty()) {
                return List.of();
            }
            try {
                return new JsonArray(text).stream().map(String::valueOf).toList();
            } catch (DecodeException e) {
                return List.of(text);
            }
        }

        private void more() {
            if (reading) {
                return;
            }
            reading = true;
            try {
                while (!paused && !came.isEmpty()) {
                    session.heard(came.remove());
                }
            } finally {
                reading = false;
            }
            if (due && !paused) {
                due = false;
                sink.more();
            }
        }

        void beat() {
            if (framed) {
                sink.send(Buffer.buffer("h"));
            } else {
                sink.ping();
            }
        }

        @Override
        public Future<Void> send(Buffer text) {
            return sink.send(
                    framed
                            ? Buffer.buffer(
                                    "a" + new JsonArray().add(text.toString()).encode())
                            : text);
        }

        @Override
        public void pause(boolean now) {
            paused = now;
            more();
        }

        @Override
        public void cut(String why) {
            if (why.equals("idle")) {
                sink.close(GOING_AWAY, "no message came for long");
            } else {
                exchange.abandon();
            }
        }

        @Override
        public String type() {
            return "rec";
        }

        @Override
        public JsonObject pong() {
            return new JsonObject();
        }
    }
}
