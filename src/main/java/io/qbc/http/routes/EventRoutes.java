package io.qbc.http.routes;

import io.qbc.access.AccessRules;
import io.qbc.api.ChainDirectory;
import io.qbc.api.ChainView;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonForms;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.stream.EventFeed;
import io.qbc.api.stream.EventFeed.Place;
import io.qbc.api.stream.Sink;
import io.qbc.api.verbs.QuantVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.QuantName;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.bus.Failure;
import io.qbc.http.server.BodyReader;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.MediaTypes;
import io.qbc.http.server.RouteTable;
import io.qbc.http.server.Streams;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/** The routes of server-sent events (WHATWG HTML, section 9.2): what came to a chain and what left it, none skipped. */
public final class EventRoutes {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final String RETRY = "retry: 2000\nid: ";

    private final Bus bus;
    private final ChainDirectory chains;
    private final QuantVerbs quants;
    private final SubscriptionStreamRoutes subscriptions;
    private final Set<Stream> open = new HashSet<>();

    public EventRoutes(Vertx vertx, Verbs verbs) {
        this.subscriptions = new SubscriptionStreamRoutes(vertx, verbs);
        this.bus = verbs.bus();
        this.chains = verbs.directory();
        this.quants = verbs.quants();
    }

    public void addTo(RouteTable routes, BodyReader bodies) {
        routes.get("/v1/chains/{chain}/events", List.of(MediaTypes.EVENTS), this::follow);
        subscriptions.addTo(routes, bodies);
    }

    public void moved(HeadMoved event) {
        List.copyOf(open).stream()
                .filter(stream -> stream.feed.chain().equals(event.chain()))
                .forEach(stream -> stream.moved(event));
    }

    /** A subscription to a chain stopped by itself. */
    public void disabled(SubscriptionDisabled event) {
        List.copyOf(open).stream()
                .filter(stream -> stream.feed.chain().equals(event.chain()))
                .forEach(stream -> stream.stopped(event));
    }

    /** Ends the streams of a chain that is gone. */
    public void closed(Hash chain) {
        List.copyOf(open).stream()
                .filter(stream -> stream.feed.chain().equals(chain))
                .forEach(Stream::end);
        subscriptions.closed(chain);
    }

    /** Keeps quiet streams alive, and ends those whose callers' credentials have ended. */
    public void beat() {
        List.copyOf(open).forEach(Stream::beat);
        subscriptions.beat();
    }

    /** Ends all streams, so that the server can stop; the callers come back with the last id they saw. */
    public void close() {
        List.copyOf(open).forEach(Stream::end);
        subscriptions.close();
    }

    private void follow(Exchange exchange) {
        Optional<Place> last = exchange.header("last-event-id")
                .filter(text -> !text.isEmpty())
                .or(() -> exchange.query("lastEventId"))
                .filter(text -> !text.isEmpty())
                .map(text -> Place.parse(text)
                        .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "the last event id is malformed")));
        OptionalLong from = exchange.number("from");
        chains.see(exchange.value("chain"))
                .compose(chain -> begin(chain, last, from).onSuccess(place -> open(exchange, chain, place)))
                .onFailure(exchange::fail);
    }

    /** Where a stream begins: after the last event that its reader had, or at a height, or after the head. */
    private Future<Place> begin(ChainView chain, Optional<Place> last, OptionalLong from) {
        if (last.isPresent()) {
            Place place = last.get();
            return place.height() < 0
                    ? Future.succeededFuture(place)
                    : quants.find(chain.id(), new QuantName.ByHash(place.hash()))
                            .map(Place::of);
        }
        if (from.isEmpty()) {
            return quants.head(chain).map(Place::of);
        }
        return from.getAsLong() == 0
                ? Future.succeededFuture(Place.BEGINNING)
                : quants.find(chain, new QuantName.ByHeight(from.getAsLong() - 1))
                        .map(Place::of);
    }

    private void open(Exchange exchange, ChainView chain, Place place) {
        if (place.height() >= chain.last()) {
            // A chain as of a height has no more events, ever.
            exchange.noContent();
            return;
        }
        Streams.open(exchange, MediaTypes.EVENTS)
                .ifPresent(sink -> begin(exchange, new Stream(exchange, sink, chain, place), place));
    }

    /** The first block has an id, so that who loses the connection before the first event goes on here. */
    private void begin(Exchange exchange, Stream stream, Place place) {
        open.add(stream);
        exchange.whenOver(stream::left);
        exchange.response()
                .write(Buffer.buffer(RETRY + place.text() + "\n\n"))
                .onSuccess(sent -> stream.feed.look())
                .onFailure(cause -> stream.left());
    }

    /** One reader. */
    private final class Stream implements EventFeed.Listener {
        private final Exchange exchange;
        private final Sink sink;
        private final EventFeed feed;
        private final long last;

        Stream(Exchange exchange, Sink sink, ChainView chain, Place place) {
            this.exchange = exchange;
            this.sink = sink;
            this.feed = new EventFeed(bus, chain.id(), place, this);
            this.last = chain.last();
        }

        @Override
        public Future<Void> came(QuantHead quant) {
            return send("quant", Place.of(quant), quant).onSuccess(sent -> {
                if (quant.header().height() >= last) {
                    end();
                }
            });
        }

        @Override
        public Future<Void> undone(QuantHead quant) {
            return send("undone", Place.before(quant), quant);
        }

        @Override
        public Future<Void> superseded(Supersession supersession) {
            return send("superseded", data -> JsonForms.event(data, feed.chain(), supersession));
        }

        @Override
        public Future<Void> disabled(SubscriptionDisabled subscription) {
            return send("subscription_disabled", data -> JsonForms.event(data, subscription));
        }

        /** It has no id: a reader that comes back goes on after a quant. */
        private Future<Void> send(String event, Consumer<JsonWriter> members) {
            JsonBuffer out = new JsonBuffer(320).raw("event: ").raw(event).raw("\ndata: ");
            JsonWriter.object(out, members);
            return write(out.raw("\n\n").drain());
        }

        @Override
        public void failed(Throwable cause) {
            // The reader comes back with its last id and misses nothing.
            end();
        }

        /** A chain as of a height knows nothing of what waits. */
        void moved(HeadMoved event) {
            feed.look(last == Long.MAX_VALUE ? event.superseded() : List.of());
        }

        void stopped(SubscriptionDisabled event) {
            if (last == Long.MAX_VALUE) {
                feed.disabled(event);
            }
        }

        void beat() {
            if (!exchange.isProvedStill()) {
                end();
            } else if (!exchange.response().writeQueueFull()) {
                exchange.write(HEARTBEAT).onFailure(cause -> left());
            }
        }

        void end() {
            left();
            if (!exchange.response().closed()) {
                exchange.endStream();
            }
        }

        void left() {
            feed.close();
            open.remove(this);
        }

        /** After its id the reader goes on: for an undone quant that is the quant before it. */
        private Future<Void> send(String event, Place id, QuantHead quant) {
            JsonBuffer out = new JsonBuffer(512).raw("event: ").raw(event);
            out.raw("\nid: ").raw(id.text()).raw("\ndata: ");
            JsonWriter.object(out, data -> JsonForms.event(data, feed.chain(), quant));
            return write(out.raw("\n\n").drain());
        }

        private Future<Void> write(Buffer text) {
            if (!exchange.isProvedStill()) {
                return Future.failedFuture(new Failure(AccessRules.noCredential()));
            }
            if (!sink.hold(text.length())) {
                return Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers of streams"));
            }
            return sink.write(text).onComplete(taken -> sink.hold(0));
        }
    }
}
