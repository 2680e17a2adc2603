package io.qbc.eventbus;

import static io.qbc.eventbus.PublicAddresses.ACCESS_SELF;
import static io.qbc.eventbus.PublicAddresses.AUDIT_LIST;
import static io.qbc.eventbus.PublicAddresses.BACKUP_BEGIN;
import static io.qbc.eventbus.PublicAddresses.BACKUP_SHOW;
import static io.qbc.eventbus.PublicAddresses.CHAINS_ANALYTICS;
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
import static io.qbc.eventbus.PublicAddresses.EVENTS;
import static io.qbc.eventbus.PublicAddresses.EVENTS_SUBSCRIBE;
import static io.qbc.eventbus.PublicAddresses.LEAPS_LEAP;
import static io.qbc.eventbus.PublicAddresses.NODE_SBOM;
import static io.qbc.eventbus.PublicAddresses.NODE_SHOW;
import static io.qbc.eventbus.PublicAddresses.OPERATIONS_OPERATE;
import static io.qbc.eventbus.PublicAddresses.PEERS_BAN;
import static io.qbc.eventbus.PublicAddresses.PEERS_BANS;
import static io.qbc.eventbus.PublicAddresses.PEERS_DISCOVER;
import static io.qbc.eventbus.PublicAddresses.PEERS_LIST;
import static io.qbc.eventbus.PublicAddresses.PEERS_UNBAN;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_CANCEL;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_DEAD;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_FIND;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_HISTORY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_LIST;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_PAUSE;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_PUT;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_QUERY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_REBUILD;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_REMOVE;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_RESUME;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_RETRY;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_ROW;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_ROWS;
import static io.qbc.eventbus.PublicAddresses.PROJECTIONS_VERIFY;
import static io.qbc.eventbus.PublicAddresses.QUANTS_FIND;
import static io.qbc.eventbus.PublicAddresses.QUANTS_LIST;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_FIND;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_INJECT;
import static io.qbc.eventbus.PublicAddresses.TRANSACTIONS_LIST;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.Problems;
import io.qbc.api.access.Access.Shown;
import io.qbc.api.access.Identified;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.access.RelayedCallers.Relayed;
import io.qbc.api.access.RelayedCallers;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.api.audit.Act;
import io.qbc.api.json.ExactJson;
import io.qbc.api.verbs.NodeVerbs;
import io.qbc.api.verbs.Verbs;
import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Chain;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.ProjectionAction;
import io.qbc.bus.Catalogue;
import io.qbc.bus.Failure;
import io.qbc.config.AccessMode;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.tracing.TraceNames;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticle of the event bus API: the same verbs as by REST, on public addresses, in JSON objects. */
public final class EventBusVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(EventBusVerticle.class);
    private static final Duration ASK_TIMEOUT = Duration.ofSeconds(60);

    private static final String AUTHORIZATION = "authorization";
    private static final String BUS = "bus";

    private final ApiContext api;
    private final MessagesInWork inWork = new MessagesInWork(EventBusVerticle::fail);
    private ChainDirectory directory;
    private ServedAddresses addresses;

    /** The context is the same as for REST. */
    public EventBusVerticle(ApiContext api) {
        this.api = api;
    }

    @Override
    public Future<?> start() {
        Bus bus = new Bus(vertx, ASK_TIMEOUT);
        Verbs verbs = Verbs.of(vertx, context, bus, api);
        directory = verbs.directory();
        EventBusVerbs adapted = new EventBusVerbs(verbs, api.config());
        boolean everywhere = api.config().cluster().enabled();
        addresses = new ServedAddresses(vertx, context, everywhere, api.identity());
        DeliveryOptions delivery = new DeliveryOptions().setLocalOnly(!everywhere);
        EventBusSubscriptions subscriptions =
                new EventBusSubscriptions(vertx, api.access(), api.limits(), addresses.own(EVENTS_SUBSCRIBE), delivery);
        boolean isPublic = api.access().mode() != AccessMode.REQUIRED;
        Optional<String> everybody =
                Optional.of(AddressBase.at(context, EVENTS)).filter(address -> isPublic);
        EventBusEvents events = new EventBusEvents(vertx, bus, subscriptions, everybody, delivery);
        return Future.all(List.of(
                        Future.all(new SubscriptionAddresses(verbs.subscriptions()).served(this::serve)),
                        traced(TRANSACTIONS_INJECT, TraceNames.INJECT, adapted::inject),
                        serve(TRANSACTIONS_FIND, adapted::findTransaction),
                        serve(TRANSACTIONS_LIST, adapted::listTransactions),
                        serve(OPERATIONS_OPERATE, adapted::operate),
                        serve(LEAPS_LEAP, ask -> verbs.chains().leap(EventBusVerbs.text(ask, "chain"))),
                        serve(CHAINS_LIST, adapted::listChains),
                        serve(CHAINS_FIND, ask -> verbs.chains().find(EventBusVerbs.text(ask, "chain"))),
                        serve(CHAINS_CREATE, ask -> verbs.lifecycle().create(EventBusVerbs.encoded(ask))),
                        serve(CHAINS_FORK, adapted::fork),
                        serve(CHAINS_REMOVE, adapted::remove),
                        serve(CHAINS_FREEZE, ask -> verbs.lifecycle().freeze(EventBusVerbs.text(ask, "chain"), true)),
                        serve(
                                CHAINS_UNFREEZE,
                                ask -> verbs.lifecycle().freeze(EventBusVerbs.text(ask, "chain"), false)),
                        serve(CHAINS_FOLLOW, ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), true)),
                        serve(CHAINS_UNFOLLOW, ask -> verbs.follows().follow(EventBusVerbs.text(ask, "chain"), false)),
                        serve(CHAINS_FOLLOWING, ask -> verbs.follows().following()),
                        serve(CHAINS_DIFF, adapted::diff),
                        serve(CHAINS_CONSENSUS, ask -> verbs.consensus().show(EventBusVerbs.text(ask, "chain"))),
                        serve(CHAINS_ANALYTICS, adapted::analytics),
                        serve(QUANTS_LIST, adapted::listQuants),
                        serve(QUANTS_FIND, adapted::findQuant),
                        serve(NODE_SHOW, ask -> verbs.node().show()),
                        serve(NODE_SBOM, ask -> Future.succeededFuture(NodeVerbs.sbom(Answer.JSON))),
                        serve(PEERS_LIST, ask -> verbs.node().peers()),
                        serve(PEERS_DISCOVER, ask -> verbs.node().discover(EventBusVerbs.text(ask, "address"))),
                        serve(PEERS_BANS, ask -> verbs.bans().list()),
                        serve(PEERS_BAN, ask -> verbs.bans().ban(EventBusVerbs.encoded(ask))),
                        serve(PEERS_UNBAN, ask -> verbs.bans().lift(EventBusVerbs.text(ask, "peer"))),
                        serve(
                                EVENTS_SUBSCRIBE,
                                (ask, caller) -> directory
                                        .find(EventBusVerbs.text(ask, "chain"))
                                        .map(chain -> subscriptions.subscribe(
                                                chain.id(), caller, EventBusVerbs.optionalText(ask, "address")))),
                        serve(BACKUP_BEGIN, ask -> verbs.backups().begin(EventBusVerbs.encoded(ask))),
                        serve(BACKUP_SHOW, ask -> verbs.backups().show()),
                        serve(AUDIT_LIST, adapted::listAudit),
                        serve(
                                PROJECTIONS_LIST,
                                (ask, caller) -> verbs.projections().list(caller)),
                        serve(PROJECTIONS_FIND, adapted.projections()::find),
                        serve(PROJECTIONS_PUT, adapted.projections()::put),
                        serve(PROJECTIONS_REMOVE, adapted.projections()::remove),
                        serve(PROJECTIONS_REBUILD, adapted.projections().steer(ProjectionAction.REBUILD)),
                        serve(PROJECTIONS_PAUSE, adapted.projections().steer(ProjectionAction.PAUSE)),
                        serve(PROJECTIONS_RESUME, adapted.projections().steer(ProjectionAction.RESUME)),
                        serve(PROJECTIONS_RETRY, adapted.projections().steer(ProjectionAction.RETRY_DEAD)),
                        serve(PROJECTIONS_VERIFY, adapted.projections().verify(ProjectionAction.VERIFY)),
                        serve(PROJECTIONS_CANCEL, adapted.projections().verify(ProjectionAction.CANCEL_VERIFY)),
                        serve(PROJECTIONS_DEAD, adapted.projections()::dead),
                        serve(PROJECTIONS_ROWS, adapted.projections()::rows),
                        serve(PROJECTIONS_ROW, adapted.projections()::row),
                        serve(PROJECTIONS_HISTORY, adapted.projections()::history),
                        serve(PROJECTIONS_QUERY, adapted.projections()::query),
                        serve(
                                ACCESS_SELF,
                                (ask, caller) ->
                                        Future.succeededFuture(verbs.access().self(caller))),
                        bus.follow(Catalogue.HEAD_MOVED, verbs.waiters()::moved),
                        bus.follow(Catalogue.HEAD_MOVED, event -> moved(events, event)),
                        bus.follow(
                                Catalogue.HEAD_MOVED,
                                event -> api.meters()
                                        .superseded()
                                        .add(event.superseded().size())),
                        bus.follow(Catalogue.SUBSCRIPTION_DISABLED, events::disabled),
                        bus.follow(Catalogue.CHAIN_OPENED, event -> opened(verbs, event.chain())),
                        bus.follow(Catalogue.CHAIN_CLOSED, event -> closed(verbs, events, event.chain()))))
                .compose(served -> events.begin(verbs.directory()))
                .compose(begun -> directory.all())
                .compose(all -> addresses.begin(all.chains()));
    }

    /** Leaves the addresses first, and then answers what still comes. */
    @Override
    public Future<?> stop() {
        return api.config().cluster().enabled()
                ? api.cluster().leaveAddresses().transform(left -> inWork.drain(vertx))
                : Future.succeededFuture();
    }

    private void opened(Verbs verbs, Chain chain) {
        verbs.directory().opened(chain);
        addresses.opened(chain);
    }

    /** Of the audit trail nothing is told to everybody on the bus. */
    private void moved(EventBusEvents events, HeadMoved event) {
        if (!directory.isTrail(event.chain())) {
            events.moved(event);
        }
    }

    private void closed(Verbs verbs, EventBusEvents events, Hash chain) {
        addresses.closed(chain);
        verbs.closed(chain);
        events.closed(chain);
    }

    private Future<Void> serve(String address, Function<JsonObject, Future<Answer>> verb) {
        return serve(address, (ask, caller) -> verb.apply(ask));
    }

    private Future<Void> serve(String address, BiFunction<JsonObject, Caller, Future<Answer>> verb) {
        Operation operation = api.access().operation(address);
        return addresses.serve(address, (message, chain) -> answer(question(message, chain), operation, verb));
    }

    /** A verb whose messages have spans. */
    private interface TracedVerb {
        Future<Answer> apply(JsonObject ask, Caller caller, TraceSpan trace);
    }

    private Future<Void> traced(String address, String name, TracedVerb verb) {
        Operation operation = api.access().operation(address);
        return addresses.serve(
                address,
                (message, chain) -> answer(
                        question(message, chain),
                        operation,
                        (ask, caller) -> MessageTrace.around(
                                api.tracing(), message, name, span -> verb.apply(ask, caller, span))));
    }

    /**
     * A message that came.
     *
     * @param chain that its address names, if it names one
     * @param from where a bridge got it; empty for services on the bus
     */
    private record Question(Message<Object> message, Optional<String> chain, Optional<From> from) {
        JsonObject body() {
            return chain.map(name -> ServedAddresses.about(name, question(message.body())))
                    .orElseGet(() -> question(message.body()));
        }
    }

    private Question question(Message<Object> message, Optional<String> chain) {
        String ticket = message.headers().get(RelayedCallers.HEADER);
        return new Question(message, chain, api.access().relayed().take(ticket));
    }

    private void answer(Question question, Operation operation, BiFunction<JsonObject, Caller, Future<Answer>> verb) {
        Message<Object> message = question.message();
        if (!api.limits().requests().take()) {
            fail(message, new Failure(Reason.BUSY, "too many requests are in work"));
            return;
        }
        inWork.begin(message);
        Future<Answer> answer;
        try {
            JsonObject ask = question.body();
            Identified who = identify(question, operation);
            // A credential that cannot be judged yet is judged once more when it can be.
            answer = who.pending().isEmpty()
                    ? answer(question, who, ask, operation, verb)
                    : who.pending()
                            .get()
                            .compose(known -> answer(question, identify(question, operation), ask, operation, verb));
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        boolean relayed = question.from().isPresent();
        answer.map(given -> relayed ? new Relayed(given.body()) : ExactJson.object(given.body()))
                .onComplete(done -> api.limits().requests().release())
                .onSuccess(body -> {
                    if (inWork.end(message)) {
                        message.reply(body, relayed ? Bus.byReference() : new DeliveryOptions());
                    }
                })
                .onFailure(cause -> {
                    if (inWork.end(message)) {
                        fail(message, cause);
                    }
                });
    }

    private Future<Answer> answer(
            Question question,
            Identified who,
            JsonObject ask,
            Operation operation,
            BiFunction<JsonObject, Caller, Future<Answer>> verb) {
        Act act = permitted(question, who, operation, ask);
        return api.access().audit().around(act, () -> verb.apply(ask, act.caller()), EventBusVerticle::outcome);
    }

    /** Who came by a bridge has an address, and is judged as by REST. */
    private Identified identify(Question question, Operation operation) {
        Optional<String> authorization =
                Optional.ofNullable(question.message().headers().get(AUTHORIZATION));
        if (question.from().isPresent()) {
            From from = question.from().get();
            Shown shown = new Shown(authorization, from.certificate());
            return api.access().identify(operation, shown, from.address(), System.nanoTime());
        }
        return api.access().identify(operation, authorization, System.nanoTime());
    }

    /** Who asks for what; a failure if it may not. */
    private Act permitted(Question question, Identified who, Operation operation, JsonObject ask) {
        List<String> chains = operation.chainNames().stream()
                .filter(name -> ask.getValue(name) instanceof String)
                .map(ask::getString)
                .toList();
        who.excess().ifPresent(excess -> api.limits().exceeded(excess.of()));
        String target =
                ask.getValue("chain", ask.getValue("name", ask.getValue("peer"))) instanceof String named ? named : "";
        Act act = Act.of(operation, origin(question, who.caller()), chains, target, directory::same);
        who.refusal()
                .or(() -> AccessRules.refusal(who.caller(), operation, chains, directory::same))
                .ifPresent(refusal -> {
                    api.access().audit().refuse(act, refusal);
                    throw new Failure(refusal);
                });
        return act;
    }

    private static Act.Origin origin(Question question, Caller caller) {
        return question.from()
                .map(from -> new Act.Origin(from.by(), caller, from.address().getHostAddress()))
                .orElseGet(() -> new Act.Origin(BUS, caller, ""));
    }

    private static Outcome outcome(AsyncResult<Answer> result) {
        if (result.succeeded()) {
            Answer answer = result.result();
            return Outcome.of(answer.status(), Outcome.OK, answer.headers().getOrDefault("Location", ""));
        }
        Reason reason = Failure.of(result.cause()).reason();
        return Outcome.of(Problems.status(reason), reason.code(), "");
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
}
