package io.qbc.client.bus;

import io.qbc.client.answer.AnswerReader;
import io.qbc.client.answer.ChainEvent;
import io.qbc.client.answer.ChainEvent.QuantNews;
import io.qbc.client.answer.EventStream;
import io.qbc.client.answer.QbcException;
import io.qbc.client.answer.QuantInfo;
import io.qbc.client.request.FollowStart;
import io.qbc.client.transport.ApiRequest;
import io.qbc.client.transport.ApiVerb;
import io.qbc.client.transport.Follower;
import io.qbc.client.transport.Retrier;
import io.qbc.client.transport.Transport;
import io.qbc.client.transport.TryFailure;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * A stream of events over the event bus. What is sent there is told at most once, so it is a hint alone: the follower
 * reads what came to the chain since the quant that it has, which skips nothing.
 */
final class EventBusFollower extends Follower {
    /** Above any count, so that a quant is told without its transactions. */
    private static final long WITHOUT_TRANSACTIONS = Integer.MAX_VALUE;

    /** What stands in no quant, and so cannot be read afterwards. */
    private static final Set<String> TOLD_ONCE = Set.of("superseded", "subscription_disabled");

    private static final long SECONDS_DEFAULT = 60;
    private static final long RETRY_MILLIS = 1000;

    private final EventBusTransport transport;
    private final Retrier retrier;
    private Optional<MessageConsumer<JsonObject>> consumer = Optional.empty();
    private Place place = Place.BEGINNING;
    /** The chain's id: the quants that a fork inherits have their own chain's. */
    private Hash chain = Hash.ZERO;

    /** With what the addresses begin of the node whose view is followed: those of several may differ for a while. */
    private Optional<String> node = Optional.empty();

    private long renewal = -1;
    private boolean looking;
    private boolean again;

    /** The quant after which the follower goes on, as it stands in the ids of REST's events. */
    private record Place(long height, Hash hash) {
        static final Place BEGINNING = new Place(-1, Hash.ZERO);

        static Place of(QuantInfo quant) {
            return new Place(quant.height(), quant.hash());
        }

        static Place parse(String text) {
            int dash = text.lastIndexOf('-');
            Optional<Hash> hash = Hash.parse(text.substring(dash + 1));
            if (dash <= 0 || hash.isEmpty()) {
                throw new IllegalArgumentException("a place is like 7-5f..., but is " + text);
            }
            return new Place(Long.parseLong(text.substring(0, dash)), hash.get());
        }

        String text() {
            return height + "-" + hash.hex();
        }
    }

    EventBusFollower(EventBusTransport transport, Retrier retrier, Transport.Followed followed) {
        super(transport.vertx(), followed, Optional.empty());
        this.transport = transport;
        this.retrier = retrier;
        delivery.whenTaken(this::look);
    }

    @Override
    public Future<EventStream> begin() {
        context.runOnContext(any -> call(ApiRequest.of(ApiVerb.FIND_CHAIN, followed.chain()))
                .compose(found -> {
                    chain = found.hash("id");
                    return subscribe(Optional.empty()).compose(subscribed -> start());
                })
                .onSuccess(begin -> {
                    place = begin;
                    delivery.beginAt(begin.text());
                    opened.tryComplete(this);
                    look();
                })
                .onFailure(this::failed));
        return opened.future();
    }

    private Future<Place> start() {
        if (followed.start() instanceof FollowStart.AfterPlace after) {
            return Future.succeededFuture(after.place()).map(Place::parse);
        }
        if (followed.start() instanceof FollowStart.AtHeight at) {
            return at.height() == 0
                    ? Future.succeededFuture(Place.BEGINNING)
                    : quant(Long.toString(at.height() - 1)).map(Place::of);
        }
        return quant("head").map(Place::of);
    }

    /** Begins or renews the subscription; whatever becomes of it, what came is found by reading. */
    private Future<Void> subscribe(Optional<String> address) {
        if (delivery.isOver()) {
            return Future.succeededFuture();
        }
        vertx.cancelTimer(renewal);
        ApiRequest ask = ApiRequest.of(ApiVerb.FOLLOW, followed.chain());
        return call(address.map(known -> ask.with("address", known)).orElse(ask))
                .onSuccess(answer -> {
                    String at = answer.text("address");
                    node = answer.optionalText("renewal").map(EventBusFollower::base);
                    if (!address.equals(Optional.of(at))) {
                        listen(at);
                    }
                    long seconds = answer.optionalNumber("seconds").orElse(SECONDS_DEFAULT);
                    renewAfter(Math.max(RETRY_MILLIS, seconds * 1000 / 3), Optional.of(at));
                })
                .onFailure(cause -> renewAfter(RETRY_MILLIS, Optional.empty()))
                .transform(any -> Future.succeededFuture());
    }

    private void renewAfter(long millis, Optional<String> address) {
        vertx.cancelTimer(renewal);
        renewal = vertx.setTimer(millis, timer -> subscribe(address).onComplete(done -> look()));
    }

    /** What the addresses begin with of the node that renews at this one. */
    private static String base(String renewal) {
        String verb = "." + ApiVerb.FOLLOW.address();
        return renewal.endsWith(verb) ? renewal.substring(0, renewal.length() - verb.length()) : renewal;
    }

    /** The node that was followed does not answer any more; another one may know what it knew. */
    private void left(String base) {
        if (node.equals(Optional.of(base))) {
            node = Optional.empty();
            renewAfter(RETRY_MILLIS, Optional.empty());
        }
    }

    private void listen(String address) {
        consumer.ifPresent(MessageConsumer::unregister);
        if (delivery.isOver()) {
            return;
        }
        MessageConsumer<JsonObject> hints = vertx.eventBus().consumer(address, message -> heard(message.body()));
        consumer = Optional.of(hints);
        // What came before the whole cluster knew that it listens.
        hints.completion().onComplete(listening -> context.runOnContext(any -> look()));
    }

    private void heard(JsonObject event) {
        String type = event.getString("type", "");
        if (TOLD_ONCE.contains(type)) {
            AnswerReader data = AnswerReader.of(Bytes.wrap(event.toBuffer().getBytes()));
            ChainEvent.of(type, data).ifPresent(told -> delivery.deliver(told, Optional.empty()));
        } else {
            look();
        }
    }

    /** Reads one quant further, unless one is being read or handled. */
    private void look() {
        if (looking
                || delivery.waiting() > 0
                || delivery.isOver()
                || !opened.future().isComplete()) {
            again = true;
            return;
        }
        looking = true;
        again = false;
        step().onComplete(done -> {
            looking = false;
            if (done.failed()) {
                refusedForGood(done.cause());
            } else if (done.result() || again) {
                look();
            }
        });
    }

    /** Goes one quant on, or one back; false if the head is reached. */
    private Future<Boolean> step() {
        return quant("head").compose(head -> {
            if (head.hash().equals(place.hash())) {
                return Future.succeededFuture(false);
            }
            return head.height() <= place.height()
                    ? back()
                    : quant(Long.toString(place.height() + 1))
                            .compose(next -> next.previous().equals(place.hash()) || place.height() < 0
                                    ? Future.succeededFuture(forth(next))
                                    : back());
        });
    }

    private boolean forth(QuantInfo next) {
        place = Place.of(next);
        delivery.deliver(new ChainEvent.QuantCame(chain, QuantNews.of(next)), Optional.of(place.text()));
        return true;
    }

    private Future<Boolean> back() {
        return quant(place.hash().hex()).map(gone -> {
            place = new Place(gone.height() - 1, gone.previous());
            delivery.deliver(new ChainEvent.QuantUndone(chain, QuantNews.of(gone)), Optional.of(place.text()));
            return true;
        });
    }

    private Future<QuantInfo> quant(String name) {
        return call(ApiRequest.of(ApiVerb.FIND_QUANT, followed.chain())
                        .with("quant", name)
                        .with("offset", WITHOUT_TRANSACTIONS))
                .map(QuantInfo::of);
    }

    private Future<AnswerReader> call(ApiRequest request) {
        Promise<AnswerReader> done = Promise.promise();
        retrier.run(true, Duration.ZERO, (unused, millis) -> attempt(request, millis))
                .map(AnswerReader::of)
                .onComplete(answer -> context.runOnContext(any -> done.handle(answer)));
        return done.future();
    }

    private Future<Bytes> attempt(ApiRequest request, long millis) {
        String base = node.orElse(transport.base());
        return transport.call(base, request, millis).onFailure(cause -> {
            if (cause instanceof TryFailure failure && failure.isSilence()) {
                context.runOnContext(any -> left(base));
            }
        });
    }

    /** A chain that moves while it is read is read again; only what will not pass ends the stream. */
    private void refusedForGood(Throwable cause) {
        QbcException failure = TryFailure.of(cause).failure();
        if (failure.retryable() || failure.code().equals(QUANT_UNKNOWN)) {
            vertx.setTimer(RETRY_MILLIS, timer -> look());
        } else {
            failed(failure);
        }
    }

    private void failed(Throwable cause) {
        finish(Optional.of(TryFailure.of(cause).failure()));
    }

    @Override
    protected void release() {
        vertx.cancelTimer(renewal);
        consumer.ifPresent(MessageConsumer::unregister);
        consumer = Optional.empty();
    }
}
