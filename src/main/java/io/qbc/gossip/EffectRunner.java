package io.qbc.gossip;

import io.qbc.bus.Failure;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.gossip.wire.Frame;
import io.qbc.gossip.wire.NoAnswer;
import io.qbc.gossip.wire.Replies;
import io.qbc.gossip.wire.Verb;
import io.qbc.model.Bytes;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.FlowRunner;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.PeerMethod;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the machines of the talk decide, and tells them what came of it. */
final class EffectRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    private final GossipContext gossipContext;
    private final PeerManager peerManager;
    private final StoreEffects store;
    private final RestAhead rests;

    EffectRunner(GossipContext gossipContext, PeerManager peerManager, Heads heads) {
        this.gossipContext = gossipContext;
        this.peerManager = peerManager;
        store = new StoreEffects(gossipContext, heads);
        rests = new RestAhead(gossipContext, peerManager);
    }

    /** Begins all tasks of a step, and whatever follows from each. */
    void begin(Effects effects) {
        effects.flows()
                .forEach(flow -> carry(flow)
                        .onSuccess(this::begin)
                        .onFailure(cause -> LOG.debug("left undone: {}", cause.toString())));
    }

    /** Carries a task to its end; fails with {@link NoAnswer} or {@link Failure}. */
    <R> Future<R> carry(Flow<R> flow) {
        Promise<R> end = Promise.promise();
        goOn(new FlowRunner<>(flow), new Outcome.Came<>(Done.DONE), end);
        return end.future();
    }

    private <R> void goOn(FlowRunner<R> flowRunner, Outcome<?> came, Promise<R> end) {
        tell(flowRunner, came);
        while (flowRunner.effect().isPresent()) {
            Future<?> done = perform(flowRunner.effect().get());
            if (!done.isComplete()) {
                done.onComplete(ended -> goOn(flowRunner, outcome(done), end));
                return;
            }
            tell(flowRunner, outcome(done));
        }
        flowRunner.outcome().ifPresent(outcome -> finish(outcome, end));
    }

    private static <R> void finish(Outcome<R> outcome, Promise<R> end) {
        if (outcome instanceof Outcome.Came<R> came) {
            end.complete(came.value());
        } else if (outcome instanceof Outcome.Failed<R> failed) {
            end.fail(cause(failed.fault()));
        }
    }

    /** A decision that throws is a bug; what it stood for fails, so that nothing waits for it for ever. */
    private static void tell(FlowRunner<?> flowRunner, Outcome<?> came) {
        try {
            flowRunner.on(came);
        } catch (RuntimeException e) {
            LOG.error("a decision of the talk failed", e);
            tell(flowRunner, new Outcome.Failed<>(Fault.own(Failure.of(e))));
        }
    }

    private static Outcome<?> outcome(Future<?> done) {
        return done.succeeded() ? new Outcome.Came<>(done.result()) : new Outcome.Failed<>(fault(done.cause()));
    }

    private static Fault fault(Throwable cause) {
        return cause instanceof NoAnswer no
                ? Fault.peer(no.kind(), String.valueOf(no.getMessage()))
                : Fault.own(Failure.of(cause));
    }

    private static Throwable cause(Fault fault) {
        return fault.kind() == Fault.Kind.OWN
                ? new Failure(fault.refusal())
                : new NoAnswer(fault.kind(), fault.refusal().detail());
    }

    private Future<?> perform(Effect<?> effect) {
        if (effect instanceof Effect.Call<?> call) {
            return peer(call.peer()).compose(peer -> call(peer, call));
        }
        if (effect instanceof Effect.CallRest call) {
            return peer(call.peer()).compose(peer -> rests.call(peer, call)).compose(EffectRunner::here);
        }
        if (effect instanceof Effect.Wait pause) {
            return gossipContext.vertx().timer(pause.millis()).map(Done.DONE);
        }
        if (effect instanceof Effect.Begin beside) {
            begin(beside.effects());
            return Future.succeededFuture(Done.DONE);
        }
        return store.ask(effect);
    }

    private Future<ConnectedPeer> peer(Bytes key) {
        return peerManager
                .find(key)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new NoAnswer(Fault.Kind.SILENT, "the peer is forgotten")));
    }

    private Future<? extends Message> call(ConnectedPeer peer, Effect.Call<?> call) {
        return peerManager
                .call(peer, call.peerMethod().word(), Frame.write(call.message()))
                .compose(answer -> read(call.peerMethod(), answer));
    }

    private Future<? extends Message> read(PeerMethod<?> peerMethod, Bytes answer) {
        return switch (peerMethod.word()) {
            case Verb.HEAD -> here(Frame.status(answer)).onSuccess(status -> peerManager.heard(status.addresses()));
            case Verb.IDS -> here(Frame.wanted(answer));
            case Verb.TRANSACTIONS -> here(Frame.taken(answer));
            case Verb.QUANT -> here(Frame.reply(answer));
            case Verb.SYNC -> away(() -> Frame.range(answer));
            case Verb.FETCH, Verb.REST -> away(() -> Frame.supply(answer));
            default -> Future.failedFuture(Replies.malformed());
        };
    }

    private static <A extends Message> Future<A> here(Optional<A> message) {
        return message.map(Future::succeededFuture).orElseGet(() -> Future.failedFuture(Replies.malformed()));
    }

    /** Large messages are read off the event loop. */
    private <A extends Message> Future<A> away(Callable<Optional<A>> reading) {
        return gossipContext.compute(reading).compose(EffectRunner::here);
    }
}
