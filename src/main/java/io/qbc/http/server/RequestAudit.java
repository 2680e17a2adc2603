package io.qbc.http.server;

import io.qbc.access.Operation;
import io.qbc.access.Operation.Trail;
import io.qbc.access.SameChain;
import io.qbc.api.audit.Act;
import io.qbc.api.audit.Act.Outcome;
import io.qbc.api.audit.AuditTrail;
import io.qbc.bus.Failure;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/** What the audit trail tells of requests: those that change something, injects, and those that were refused. */
final class RequestAudit {
    private static final String REST = "rest";
    /** What a path names beside a chain. */
    private static final String ID = "id";

    private static final String PEER = "peer";
    private static final String CHAIN = "chain";
    /** Of a caller that was gone before anything was done. */
    private static final Outcome LEFT = Outcome.of(499, "caller_left", "");

    private final AuditTrail trail;
    private final SameChain same;

    RequestAudit(AuditTrail trail, SameChain same) {
        this.trail = trail;
        this.same = same;
    }

    /** A request was refused before anything was done for it. */
    void refused(Exchange exchange, Operation operation, Refusal refusal) {
        if (trail.isOn()) {
            trail.refuse(act(exchange, operation, List.of()), refusal);
        }
    }

    /**
     * Serves a request and has told of it what is to be told.
     *
     * @param refuser refuses it where that cannot be told
     */
    void around(Exchange exchange, Operation operation, Runnable server, BiConsumer<Exchange, Refusal> refuser) {
        // What asks for the head of an answer changes nothing.
        if (!trail.isOn() || operation.trail() == Trail.NONE || exchange.isHead()) {
            server.run();
        } else if (operation.trail() == Trail.INJECT) {
            inject(exchange, operation, server, refuser);
        } else {
            change(exchange, operation, server, refuser);
        }
    }

    private void inject(
            Exchange exchange, Operation operation, Runnable server, BiConsumer<Exchange, Refusal> refuser) {
        Optional<Refusal> refusal = trail.injectRefusal();
        if (refusal.isPresent()) {
            refuser.accept(exchange, refusal.get());
            return;
        }
        Act act = act(exchange, operation, AccessGate.chains(exchange, operation));
        exchange.recordedBy(outcome -> trail.injected(act, outcome));
        server.run();
    }

    /** The body waits meanwhile, as it is read from the turn on in which its request is served. */
    private void change(
            Exchange exchange, Operation operation, Runnable server, BiConsumer<Exchange, Refusal> refuser) {
        exchange.request().pause();
        trail.begin(act(exchange, operation, AccessGate.chains(exchange, operation)))
                .onSuccess(begun -> {
                    if (exchange.isOver()) {
                        trail.end(begun, LEFT);
                        return;
                    }
                    exchange.recordedBy(outcome -> trail.end(begun, outcome));
                    server.run();
                    exchange.request().resume();
                })
                .onFailure(cause -> {
                    exchange.request().resume();
                    refuser.accept(exchange, Failure.of(cause));
                });
    }

    private Act act(Exchange exchange, Operation operation, List<String> chains) {
        Act.Origin origin = new Act.Origin(REST, exchange.caller(), exchange.address());
        return Act.of(operation, origin, chains, target(exchange, chains), same);
    }

    /** What the request names: a chain, or if it is about none, a key or a peer. */
    private static String target(Exchange exchange, List<String> chains) {
        String chain = exchange.value(CHAIN);
        if (!chain.isEmpty()) {
            return chain;
        }
        return chains.isEmpty() ? exchange.value(ID) + exchange.value(PEER) : chains.get(0);
    }
}
