package io.qbc.eventbus;

import static io.qbc.eventbus.PublicAddresses.CHAINS_CONSENSUS;
import static io.qbc.eventbus.PublicAddresses.CHAINS_CREATE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_DIFF;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FIND;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FOLLOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FOLLOWING;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FORK;
import static io.qbc.eventbus.PublicAddresses.CHAINS_FREEZE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_LIST;
import static io.qbc.eventbus.PublicAddresses.CHAINS_REMOVE;
import static io.qbc.eventbus.PublicAddresses.CHAINS_UNFOLLOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_UNFREEZE;
import static io.qbc.eventbus.PublicAddresses.LEAPS_LEAP;
import static io.qbc.eventbus.PublicAddresses.NODE_SHOW;
import static io.qbc.eventbus.PublicAddresses.PEERS_DISCOVER;
import static io.qbc.eventbus.PublicAddresses.PEERS_LIST;
import static io.qbc.eventbus.PublicAddresses.QUANTS_FIND;
import static io.qbc.eventbus.PublicAddresses.QUANTS_LIST;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_FIND;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_INJECT;

import io.qbc.api.Answer;
import io.qbc.api.Meters;
import io.qbc.api.Problems;
import io.qbc.api.SharedLimits;
import io.qbc.api.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Failure;
import io.qbc.config.NodeConfig;
import io.qbc.ledger.DataRules;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Signer;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The event bus door: the same verbs as by REST, on public addresses, in JSON objects. */
public final class EventBusVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EventBusVerticle.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);

    private final NodeConfig config;
    private final Verbs.Self self;
    private final Meters meters;
    private final SharedLimits sharedLimits;

    /**
     * The door.
     *
     * @param rules how what chains demand of data is read
     * @param meters the same object as for the REST door
     * @param sharedLimits the same object as for the REST door
     */
    public EventBusVerticle(
            NodeConfig config,
            Signer identity,
            InstantSource clock,
            DataRules.Reader rules,
            Meters meters,
            SharedLimits sharedLimits) {
        this.config = config;
        this.self = new Verbs.Self(identity.key(), clock, rules);
        this.meters = meters;
        this.sharedLimits = sharedLimits;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        Verbs verbs = Verbs.of(vertx, context, bus, config, self, meters, sharedLimits);
        EventBusVerbs door = new EventBusVerbs(verbs, config);
        EventBusEvents events = new EventBusEvents(vertx, bus);
        return Future.all(List.of(
                        serve(TRANSACTIONS_INJECT, door::inject),
                        serve(TRANSACTIONS_FIND, door::findTransaction),
                        serve(LEAPS_LEAP, ask -> verbs.chains().leap(EventBusVerbs.text(ask, "chain"))),
                        serve(CHAINS_LIST, door::listChains),
                        serve(CHAINS_FIND, ask -> verbs.chains().find(EventBusVerbs.text(ask, "chain"))),
                        serve(CHAINS_CREATE, ask -> verbs.keeping().create(EventBusVerbs.encoded(ask))),
                        serve(CHAINS_FORK, door::fork),
                        serve(CHAINS_REMOVE, door::remove),
                        serve(CHAINS_FREEZE, ask -> verbs.keeping().freeze(EventBusVerbs.text(ask, "chain"), true)),
                        serve(CHAINS_UNFREEZE, ask -> verbs.keeping().freeze(EventBusVerbs.text(ask, "chain"), false)),
                        serve(CHAINS_FOLLOW, ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), true)),
                        serve(CHAINS_UNFOLLOW, ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), false)),
                        serve(CHAINS_FOLLOWING, ask -> verbs.follows().following()),
                        serve(CHAINS_DIFF, door::diff),
                        serve(CHAINS_CONSENSUS, ask -> verbs.consensus().show(EventBusVerbs.text(ask, "chain"))),
                        serve(QUANTS_LIST, door::listQuants),
                        serve(QUANTS_FIND, door::findQuant),
                        serve(NODE_SHOW, ask -> verbs.node().show()),
                        serve(PEERS_LIST, ask -> verbs.node().peers()),
                        serve(PEERS_DISCOVER, ask -> verbs.node().discover(EventBusVerbs.text(ask, "address"))),
                        bus.follow(Catalogue.HEAD_MOVED, verbs.waiters()::moved),
                        bus.follow(Catalogue.HEAD_MOVED, events::moved),
                        bus.follow(Catalogue.CHAIN_OPENED, event -> verbs.book().opened(event.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, event -> closed(verbs, events, event.chain()))))
                .compose(served -> events.begin(verbs.book()));
    }

    private static void closed(Verbs verbs, EventBusEvents events, Hash chain) {
        verbs.closed(chain);
        events.closed(chain);
    }

    private Future<Void> serve(String address, Function<JsonObject, Future<Answer>> verb) {
        MessageConsumer<Object> consumer = vertx.eventBus().consumer(address);
        consumer.handler(message -> answer(message, verb));
        return consumer.completion();
    }

    private void answer(Message<Object> message, Function<JsonObject, Future<Answer>> verb) {
        if (!sharedLimits.requests().take()) {
            fail(message, new Failure(Reason.BUSY, "too many requests are in work"));
            return;
        }
        Future<Answer> answer;
        try {
            answer = verb.apply(question(message.body()));
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.map(given -> new JsonObject(buffer(given.body())))
                .onComplete(done -> sharedLimits.requests().release())
                .onSuccess(message::reply)
                .onFailure(cause -> fail(message, cause));
    }

    private static JsonObject question(Object body) {
        if (body instanceof JsonObject json) {
            return json;
        }
        throw new Failure(Reason.REQUEST_INVALID, "a message's body must be a JSON object");
    }

    /** The status is the failure's code, the problem document its text. */
    private static void fail(Message<Object> message, Throwable cause) {
        Optional<String> chain =
                message.body() instanceof JsonObject json && json.getValue("chain") instanceof String name
                        ? Optional.of(name)
                        : Optional.empty();
        Refusal refusal = Failure.of(cause);
        if (refusal.reason() == Reason.INTERNAL && !(cause instanceof Failure)) {
            LOG.error("{} failed", message.address(), cause);
        }
        Answer problem = Problems.answer(refusal, chain);
        message.fail(problem.status(), problem.body().text());
    }

    private static Buffer buffer(Bytes bytes) {
        return Buffer.buffer(bytes.size()).appendBytes(bytes.array(), bytes.offset(), bytes.size());
    }
}
