package io.qbc.http.routes;

import io.qbc.api.Answer;
import io.qbc.api.ChainDirectory;
import io.qbc.api.stream.SubscriptionFeed;
import io.qbc.api.verbs.SubscriptionVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Failure;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.SocketSink;
import io.qbc.http.server.Streams;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The routes of subscriptions that are followed with acknowledgements: server-sent events, and WebSockets. */
final class SubscriptionStreamRoutes {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionStreamRoutes.class);
    private static final String BASE = "/v1/chains/{chain}/subscriptions/{name}/";
    private static final int ACK_BYTES = 64 * 1024;

    private final Vertx vertx;
    private final Bus bus;
    private final ChainDirectory chains;
    private final SubscriptionVerbs verbs;
    private final Set<Follower> open = new HashSet<>();

    /** One consumer's stream. */
    interface Follower {
        Hash chain();

        /** Keeps it alive, or ends it where its caller's credential has ended. */
        void beat();

        void end(Failure why);
    }

    SubscriptionStreamRoutes(Vertx vertx, Verbs verbs) {
        this.vertx = vertx;
        this.bus = verbs.bus();
        this.chains = verbs.directory();
        this.verbs = verbs.subscriptions();
    }

    void addTo(RouteTable routes, BodyReader bodies) {
        routes.get(BASE + "events", List.of(MediaTypes.EVENTS), this::follow);
        routes.get(BASE + "socket", this::socket);
        routes.post(BASE + "ack", exchange -> acknowledge(exchange, bodies));
    }

    /** Ends the streams of a chain that is gone. */
    void closed(Hash chain) {
        List.copyOf(open).stream()
                .filter(follower -> follower.chain().equals(chain))
                .forEach(follower -> follower.end(new Failure(Reason.CHAIN_UNKNOWN, "the chain is gone")));
    }

    void beat() {
        List.copyOf(open).forEach(Follower::beat);
    }

    void close() {
        List.copyOf(open).forEach(follower -> follower.end(new Failure(Reason.STOPPING, "the node is stopping")));
    }

    private void follow(Exchange exchange) {
        chains.see(exchange.value("chain"))
                .compose(chain -> {
                    SubscriptionEventStream stream =
                            new SubscriptionEventStream(vertx, bus, chain.id(), exchange, open::remove);
                    return stream.feed().begin().map(first -> open(exchange, stream, first));
                })
                .onFailure(exchange::fail);
    }

    private boolean open(Exchange exchange, SubscriptionEventStream stream, FetchedEvents first) {
        var sink = Streams.open(exchange, MediaTypes.EVENTS);
        if (sink.isEmpty()) {
            stream.feed().close();
            return false;
        }
        open.add(stream);
        exchange.whenOver(stream::left);
        stream.begin(sink.get(), first);
        return true;
    }

    private void socket(Exchange exchange) {
        SocketSink.require(exchange);
        // What is read to its end cannot become a socket any more.
        exchange.request().pause();
        chains.see(exchange.value("chain"))
                .compose(chain -> {
                    SubscriptionSocket socket = new SubscriptionSocket(exchange, open::remove);
                    SubscriptionFeed feed =
                            new SubscriptionFeed(vertx, bus, chain.id(), exchange.value("name"), socket);
                    return feed.begin().compose(first -> open(exchange, socket, feed, first));
                })
                .onFailure(cause -> {
                    exchange.request().resume();
                    exchange.fail(cause);
                });
    }

    private Future<Void> open(
            Exchange exchange, SubscriptionSocket socket, SubscriptionFeed feed, FetchedEvents first) {
        SocketSink.open(exchange)
                .onSuccess(sink -> {
                    open.add(socket);
                    socket.begin(sink, feed, first);
                })
                .onFailure(cause -> {
                    LOG.debug("a socket was not opened: {}", cause.toString());
                    exchange.request().resume();
                    feed.close();
                });
        return Future.succeededFuture();
    }

    private void acknowledge(Exchange exchange, BodyReader bodies) {
        MediaTypes.refuseForeign(exchange, Answer.JSON, Answer.JSON);
        exchange.answer(bodies.read(exchange, ACK_BYTES)
                .compose(body -> verbs.commit(exchange.value("chain"), exchange.value("name"), body)));
    }
}
