package io.qbc.http.routes;

import io.qbc.access.AccessRules;
import io.qbc.api.json.JsonBuffer;
import io.qbc.api.json.JsonWriter;
import io.qbc.api.json.SubscriptionForms;
import io.qbc.api.stream.SubscriptionFeed;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Failure;
import io.qbc.http.server.Exchange;
import io.qbc.http.server.SocketSink;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A subscription on a WebSocket. The node sends events; the consumer sends {@code ack} with the offset of the last one
 * that it took, or {@code nack} to have all that is not acknowledged once more. An acknowledgement of what was
 * sent before the subscription was moved is answered as stale; one of what was never sent is a fault of the consumer,
 * which is told and ends the socket.
 */
final class SubscriptionSocket implements SubscriptionFeed.Listener, SubscriptionStreamRoutes.Follower {
    private static final short GOING_AWAY = 1001;
    private static final short PROTOCOL_ERROR = 1002;
    private static final short POLICY = 1008;
    private static final short TOO_LONG = 1009;
    private static final short TRY_AGAIN = 1013;

    private final Exchange exchange;
    private final Consumer<SubscriptionSocket> ended;
    /** Offsets and ids of what was sent and is not acknowledged, of this place and of the one before it was moved. */
    private final TreeMap<Long, String> flying = new TreeMap<>();

    private final TreeSet<Long> voided = new TreeSet<>();
    private long generation = -1;
    private long acknowledged = -1;
    /** Whether consumers share the subscription, so that each event is acknowledged by itself. */
    private boolean keyed;
    /** The highest offset that was sent from this place. */
    private long highest = -1;

    private SocketSink sink;
    private SubscriptionFeed feed;

    /** @param ended is told once it is over */
    SubscriptionSocket(Exchange exchange, Consumer<SubscriptionSocket> ended) {
        this.exchange = exchange;
        this.ended = ended;
    }

    @Override
    public Hash chain() {
        return feed.chain();
    }

    void begin(SocketSink to, SubscriptionFeed of, FetchedEvents first) {
        sink = to;
        feed = of;
        sink.whenClosed(this::left);
        sink.hear(this::heard);
        feed.run(first);
    }

    @Override
    public Future<Void> events(FetchedEvents fetched) {
        if (fetched.generation() != generation) {
            voided.clear();
            voided.addAll(flying.keySet());
            flying.clear();
            acknowledged = -1;
            highest = -1;
            generation = fetched.generation();
            keyed = fetched.keyed();
        }
        return send(fetched, fetched.events().iterator());
    }

    private Future<Void> send(FetchedEvents fetched, Iterator<SubscribedEvent> left) {
        if (!left.hasNext()) {
            return Future.succeededFuture();
        }
        if (!exchange.isProvedStill()) {
            return Future.failedFuture(new Failure(AccessRules.noCredential()));
        }
        SubscribedEvent event = left.next();
        flying.put(event.next(), event.id());
        highest = Math.max(highest, event.next());
        JsonBuffer out = JsonWriter.object(message -> message.text("type", "event")
                .number("offset", event.next())
                .number("generation", fetched.generation())
                .object("event", members -> SubscriptionForms.event(members, event, fetched.data())));
        return sink.send(out.drain()).compose(taken -> send(fetched, left));
    }

    private void heard(String text) {
        if (text.length() > SocketSink.MESSAGE_BYTES_MAX) {
            left();
            sink.close(TOO_LONG, "the message is too long");
            return;
        }
        try {
            JsonObject message = new JsonObject(text);
            switch (String.valueOf(message.getValue("type"))) {
                case "ack" -> acknowledge(number(message, "offset"), message);
                case "nack" -> refuse(number(message, "offset"));
                default -> fault("a message is {\"type\":\"ack\",\"offset\":n} or {\"type\":\"nack\",\"offset\":n}");
            }
        } catch (DecodeException e) {
            fault("a message is a JSON object");
        } catch (Failure e) {
            fault(e.refusal().detail());
        }
    }

    private static long number(JsonObject message, String name) {
        Object value = message.getValue(name);
        if (value instanceof Integer || value instanceof Long) {
            return ((Number) value).longValue();
        }
        throw new Failure(Reason.REQUEST_INVALID, "the member " + name + " must be a whole number");
    }

    private void acknowledge(long offset, JsonObject message) {
        boolean earlier = message.containsKey("generation") && number(message, "generation") != generation;
        boolean sent = flying.containsKey(offset);
        if (earlier || (!sent && (voided.contains(offset) || offset <= acknowledged || (keyed && offset <= highest)))) {
            answer("stale", offset);
            return;
        }
        if (!sent) {
            fault("no event with the offset " + offset + " was sent and is not acknowledged");
            return;
        }
        OptionalLong place = OptionalLong.of(generation);
        (keyed ? feed.acknowledge(flying.get(offset), place) : feed.commit(offset, place))
                .onSuccess(info -> {
                    taken(offset, place.getAsLong());
                    answer("acked", offset);
                })
                .onFailure(cause -> notTaken(offset, cause));
    }

    private void taken(long offset, long place) {
        if (place != generation) {
            return;
        }
        if (keyed) {
            flying.remove(offset);
        } else {
            flying.headMap(offset, true).clear();
        }
        acknowledged = Math.max(acknowledged, offset);
    }

    private void notTaken(long offset, Throwable cause) {
        Refusal refusal = Failure.of(cause);
        Reason reason = refusal.reason();
        boolean lost = keyed && reason == Reason.SUBSCRIPTION_LEASED;
        if (lost) {
            flying.remove(offset);
        }
        if (lost || reason == Reason.SUBSCRIPTION_MOVED || reason == Reason.SUBSCRIPTION_OFFSET) {
            answer(JsonWriter.object(out -> out.text("type", "stale")
                    .number("offset", offset)
                    .text("code", reason.code())
                    .text("detail", refusal.detail())));
        } else {
            failed(cause);
        }
    }

    private void refuse(long offset) {
        if (!flying.containsKey(offset)) {
            answer("stale", offset);
            return;
        }
        flying.clear();
        answer("rewound", offset);
        feed.rewind();
    }

    private void answer(String type, long offset) {
        answer(JsonWriter.object(out -> out.text("type", type).number("offset", offset)));
    }

    private void answer(JsonBuffer text) {
        sink.send(text.drain()).onSuccess(sent -> sink.more()).onFailure(this::failed);
    }

    /** The consumer does what makes no sense: it is told, and the socket ends. */
    private void fault(String why) {
        end(Reason.REQUEST_INVALID.refusal(why), PROTOCOL_ERROR);
    }

    @Override
    public void failed(Throwable cause) {
        end(new Failure(Failure.of(cause)));
    }

    @Override
    public void beat() {
        if (exchange.isProvedStill()) {
            sink.ping();
        } else {
            end(new Failure(AccessRules.noCredential()));
        }
    }

    @Override
    public void end(Failure why) {
        Reason reason = why.refusal().reason();
        boolean credential = reason == Reason.CREDENTIAL_REQUIRED;
        end(why.refusal(), credential ? POLICY : reason == Reason.STOPPING ? GOING_AWAY : TRY_AGAIN);
    }

    private void end(Refusal refusal, short code) {
        left();
        Buffer text = JsonWriter.object(out -> out.text("type", "error")
                        .text("code", refusal.reason().code())
                        .text("detail", refusal.detail()))
                .drain();
        sink.send(text).onComplete(sent -> sink.close(code, refusal.reason().code()));
    }

    private void left() {
        feed.close();
        ended.accept(this);
    }
}
