package io.qbc.http.routes;

import io.qbc.access.AccessRules;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.json.SubscriptionForms;
import io.qbc.api.stream.Sink;
import io.qbc.api.stream.SubscriptionFeed;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Failure;
import io.qbc.http.server.Exchange;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** A subscription as server-sent events; what was taken is acknowledged by requests of their own. */
final class SubscriptionEventStream implements SubscriptionFeed.Listener, SubscriptionStreamRoutes.Follower {
    private static final Buffer HEARTBEAT = Buffer.buffer(":\n\n");
    private static final int PIECE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final SubscriptionFeed feed;
    private final Consumer<SubscriptionEventStream> ended;
    private Sink sink = bytes -> Future.succeededFuture();

    /** @param ended is told once it is over */
    SubscriptionEventStream(
            Vertx vertx, Bus bus, Hash chain, Exchange exchange, Consumer<SubscriptionEventStream> ended) {
        this.exchange = exchange;
        this.ended = ended;
        this.feed = new SubscriptionFeed(vertx, bus, chain, exchange.value("name"), this);
    }

    SubscriptionFeed feed() {
        return feed;
    }

    @Override
    public Hash chain() {
        return feed.chain();
    }

    /** The first block tells by what name the consumer acknowledges. */
    void begin(Sink into, FetchedEvents first) {
        sink = into;
        JsonBuffer out = new JsonBuffer(128).raw("retry: 2000\nevent: consumer\ndata: ");
        JsonWriter.object(out, data -> data.text("consumer", feed.holder()));
        sink.write(out.raw("\n\n").drain()).onSuccess(sent -> feed.run(first)).onFailure(cause -> left());
    }

    @Override
    public Future<Void> events(FetchedEvents fetched) {
        return from(fetched, 0).onComplete(taken -> sink.hold(0));
    }

    /** Writes events piece by piece, the next one when the reader has taken the last. */
    private Future<Void> from(FetchedEvents fetched, int begin) {
        if (begin == fetched.events().size()) {
            return Future.succeededFuture();
        }
        if (!exchange.isProvedStill()) {
            return Future.failedFuture(new Failure(AccessRules.noCredential()));
        }
        JsonBuffer out = new JsonBuffer(1024);
        int at = begin;
        while (at < fetched.events().size() && (at == begin || out.size() < PIECE_BYTES)) {
            write(out, fetched, fetched.events().get(at++));
        }
        Buffer text = out.drain();
        if (!sink.hold(text.length())) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too much waits for readers of streams"));
        }
        int next = at;
        return sink.write(text).compose(taken -> from(fetched, next));
    }

    private static void write(JsonBuffer out, FetchedEvents fetched, SubscribedEvent event) {
        out.raw("event: ").raw(event.reverted() ? "reverted" : "committed");
        out.raw("\nid: ").raw(event.id()).raw("\ndata: ");
        Buffer text = JsonWriter.object(data -> data.number("generation", fetched.generation())
                        .object("event", members -> SubscriptionForms.event(members, event, fetched.data())))
                .drain();
        out.raw(line(text.getBytes())).raw("\n\n");
    }

    /** Line breaks stand only between the tokens of a transaction's data, where a space means the same. */
    private static byte[] line(byte[] text) {
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n' || text[i] == '\r') {
                text[i] = ' ';
            }
        }
        return text;
    }

    @Override
    public void failed(Throwable cause) {
        end(new Failure(Failure.of(cause)));
    }

    @Override
    public void beat() {
        if (!exchange.isProvedStill()) {
            end(new Failure(AccessRules.noCredential()));
        } else if (!exchange.response().writeQueueFull()) {
            exchange.write(HEARTBEAT).onFailure(cause -> left());
        }
    }

    /** Says why it ends: an event that is no hint, so that a consumer need not guess. */
    @Override
    public void end(Failure why) {
        left();
        if (exchange.response().closed()) {
            return;
        }
        Refusal refusal = why.refusal();
        JsonBuffer out = new JsonBuffer(256).raw("event: end\ndata: ");
        JsonWriter.object(
                out, data -> data.text("code", refusal.reason().code()).text("detail", refusal.detail()));
        exchange.write(out.raw("\n\n").drain()).onComplete(sent -> {
            if (!exchange.response().closed()) {
                exchange.endStream();
            }
        });
    }

    void left() {
        feed.close();
        ended.accept(this);
    }
}
