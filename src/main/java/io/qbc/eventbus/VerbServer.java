package io.qbc.eventbus;

import io.qbc.access.AccessRules;
import io.qbc.access.Caller;
import io.qbc.access.Operation;
import io.qbc.api.Answer;
import io.qbc.api.ApiContext;
import io.qbc.api.ChainDirectory;
import io.qbc.api.Problems;
import io.qbc.api.access.Access.Shown;
import io.qbc.api.access.Identified;
import io.qbc.api.access.RelayedCallers;
import io.qbc.api.access.RelayedCallers.From;
import io.qbc.api.access.RelayedCallers.Relayed;
import io.qbc.api.audit.Act;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.api.json.ExactJson;
import io.qbc.bus.Bus;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A server of verbs at public addresses: each message is counted, judged, answered, or refused. */
final class VerbServer {
    private static final Logger LOG = LoggerFactory.getLogger(VerbServer.class);
    private static final String AUTHORIZATION = "authorization";
    private static final String BUS = "bus";

    private final ApiContext api;
    private final ServedAddresses addresses;
    private final ChainDirectory directory;
    private final MessagesInWork inWork;

    VerbServer(ApiContext api, ServedAddresses addresses, ChainDirectory directory, MessagesInWork inWork) {
        this.api = api;
        this.addresses = addresses;
        this.directory = directory;
        this.inWork = inWork;
    }

    /** Answers at an address with a verb that is the same for all who may ask. */
    Future<Void> serve(String address, Function<JsonObject, Future<Answer>> verb) {
        return serve(address, (ask, caller) -> verb.apply(ask));
    }

    /** Answers at an address with a verb that looks at who asks. */
    Future<Void> serve(String address, BiFunction<JsonObject, Caller, Future<Answer>> verb) {
        return counted(address, (question, caller, ask) -> verb.apply(ask, caller));
    }

    /** The same for a verb that counts the bytes of its answer as it makes it. */
    Future<Void> paged(String address, BiFunction<JsonObject, MessageBytes, Future<Answer>> verb) {
        return counted(address, (question, caller, ask) -> verb.apply(ask, question.bytes()));
    }

    /** A verb, with the message whose bytes are counted. */
    private interface CountedVerb {
        Future<Answer> apply(Question question, Caller caller, JsonObject ask);
    }

    /** What there is at an address. */
    private record Served(String address, Operation operation, CountedVerb verb) {}

    private Future<Void> counted(String address, CountedVerb verb) {
        Served served = new Served(address, api.access().operation(address), verb);
        return addresses.serve(address, (message, chain) -> answer(question(message, chain), served));
    }

    /** A verb whose messages have spans. */
    interface TracedVerb {
        Future<Answer> apply(JsonObject ask, Caller caller, TraceSpan trace);
    }

    /** The same for a verb whose messages have spans of this name. */
    Future<Void> traced(String address, String name, TracedVerb verb) {
        return counted(
                address,
                (question, caller, ask) -> MessageTrace.around(
                        api.tracing(), question.message(), name, span -> verb.apply(ask, caller, span)));
    }

    /**
     * A message that came.
     *
     * @param chain that its address names, if it names one
     * @param from where a bridge got it; empty for services on the bus
     * @param bytes what it holds
     */
    private record Question(Message<Object> message, Optional<String> chain, Optional<From> from, MessageBytes bytes) {
        JsonObject body() {
            return chain.map(name -> ServedAddresses.about(name, question(message.body())))
                    .orElseGet(() -> question(message.body()));
        }
    }

    private Question question(Message<Object> message, Optional<String> chain) {
        String ticket = message.headers().get(RelayedCallers.HEADER);
        Optional<From> from = api.access().relayed().take(ticket);
        return new Question(message, chain, from, MessageBytes.of(api.limits(), from));
    }

    private void answer(Question question, Served served) {
        Message<Object> message = question.message();
        MessageBytes bytes = question.bytes();
        if (!api.limits().requests().take()) {
            bytes.end();
            fail(message, new Failure(Reason.BUSY, "too many requests are in work"));
            return;
        }
        inWork.begin(message);
        Future<Answer> answer;
        try {
            JsonObject ask = question.body();
            if (question.from().isEmpty()) {
                bytes.holdBody(ask);
            }
            Identified who = identify(question, served.operation());
            // A credential that cannot be judged yet is judged once more when it can be.
            answer = who.pending().isEmpty()
                    ? answer(question, who, ask, served)
                    : who.pending()
                            .get()
                            .compose(known -> answer(question, identify(question, served.operation()), ask, served));
        } catch (RuntimeException e) {
            answer = Future.failedFuture(e);
        }
        answer.map(given -> asSent(question, served, given))
                .onComplete(done -> {
                    api.limits().requests().release();
                    bytes.answered();
                })
                .onSuccess(body -> handOver(question, body))
                .onFailure(cause -> {
                    bytes.end();
                    if (inWork.end(message)) {
                        fail(message, cause);
                    }
                });
    }

    /** The answer as it is sent. What was done is told in any case, also where there is no room to count it. */
    private Object asSent(Question question, Served served, Answer given) {
        try {
            question.bytes().holdAnswer(given.body().size());
        } catch (Failure failure) {
            if (!api.access().changes(served.address())) {
                throw failure;
            }
        }
        return question.from().isPresent() ? new Relayed(given.body()) : ExactJson.object(given.body());
    }

    /** A service has the answer from here on; a bridge holds its bytes until it has taken it for its caller. */
    private void handOver(Question question, Object body) {
        Message<Object> message = question.message();
        if (!inWork.end(message)) {
            question.bytes().end();
        } else if (question.from().isPresent()) {
            String ticket = message.headers().get(RelayedCallers.HEADER);
            api.access().relayed().whenOver(ticket, question.bytes()::end);
            message.reply(body, Bus.byReference());
        } else {
            question.bytes().end();
            message.reply(body);
        }
    }

    private Future<Answer> answer(Question question, Identified who, JsonObject ask, Served served) {
        Act act = permitted(question, who, served.operation(), ask);
        return api.access()
                .audit()
                .around(act, () -> served.verb().apply(question, act.caller(), ask), VerbServer::outcome);
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
    static void fail(Message<Object> message, Throwable cause) {
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
