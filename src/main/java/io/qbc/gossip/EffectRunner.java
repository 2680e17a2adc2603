package io.qbc.gossip;

import io.qbc.bus.Failure;
import io.qbc.gossip.chains.LocalChains;
import io.qbc.gossip.peers.ConnectedPeer;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.gossip.peers.PeerCallFailure;
import io.qbc.gossip.peers.PeerManager;
import io.qbc.model.Bytes;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Effects;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.effect.FlowRunner;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.message.Message;
import io.qbc.tracing.TraceContext;
import io.qbc.tracing.TraceSpan;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An interpreter of effects: performs what the protocol's state machines decide, and resumes them with the outcome. */
final class EffectRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EffectRunner.class);

    private final GossipContext gossipContext;
    private final PeerManager peerManager;
    private final StoreEffects store;
    private final GossipTraces traces;
    private final RestPrefetcher restPrefetcher;

    EffectRunner(GossipContext gossipContext, PeerManager peerManager, LocalChains chains) {
        this.gossipContext = gossipContext;
        this.peerManager = peerManager;
        traces = new GossipTraces(gossipContext);
        store = new StoreEffects(gossipContext, chains, peerManager.conduct(), traces);
        restPrefetcher = new RestPrefetcher(gossipContext, peerManager);
    }

    /** Starts all flows, and whatever follows from each. */
    void begin(Effects effects) {
        effects.flows()
                .forEach(flow -> run(flow)
                        .onSuccess(this::begin)
                        .onFailure(cause -> LOG.debug("a flow failed: {}", cause.toString())));
    }

    /** Runs a flow to its end; fails with {@link PeerCallFailure} or {@link Failure}. */
    <R> Future<R> run(Flow<R> flow) {
        return run(flow, TraceContext.NONE);
    }

    /** The same in a trace. */
    <R> Future<R> run(Flow<R> flow, TraceContext trace) {
        Promise<R> end = Promise.promise();
        resume(new Run<>(new FlowRunner<>(flow), trace, end), new Outcome.Succeeded<>(Done.DONE));
        return end.future();
    }

    private record Run<R>(FlowRunner<R> flow, TraceContext trace, Promise<R> end) {}

    private <R> void resume(Run<R> run, Outcome<?> came) {
        FlowRunner<R> flowRunner = run.flow();
        step(flowRunner, came);
        while (flowRunner.effect().isPresent()) {
            Future<?> done = perform(flowRunner.effect().get(), run.trace());
            if (!done.isComplete()) {
                done.onComplete(ended -> resume(run, outcome(done)));
                return;
            }
            step(flowRunner, outcome(done));
        }
        flowRunner.outcome().ifPresent(outcome -> finish(outcome, run.end()));
    }

    private static <R> void finish(Outcome<R> outcome, Promise<R> end) {
        if (outcome instanceof Outcome.Succeeded<R> came) {
            end.complete(came.value());
        } else if (outcome instanceof Outcome.Failed<R> failed) {
            end.fail(cause(failed.fault()));
        }
    }

    /** A state machine that throws is a bug; its flow fails, so that nothing waits for it for ever. */
    private static void step(FlowRunner<?> flowRunner, Outcome<?> came) {
        try {
            flowRunner.on(came);
        } catch (RuntimeException e) {
            LOG.error("a state machine of the protocol failed", e);
            step(flowRunner, new Outcome.Failed<>(Fault.own(Failure.of(e))));
        }
    }

    private static Outcome<?> outcome(Future<?> done) {
        return done.succeeded() ? new Outcome.Succeeded<>(done.result()) : new Outcome.Failed<>(fault(done.cause()));
    }

    private static Fault fault(Throwable cause) {
        return cause instanceof PeerCallFailure no
                ? Fault.peer(no.kind(), String.valueOf(no.getMessage()))
                : Fault.own(Failure.of(cause));
    }

    private static Throwable cause(Fault fault) {
        return fault.kind() == Fault.Kind.OWN
                ? new Failure(fault.refusal())
                : new PeerCallFailure(fault.kind(), fault.refusal().detail());
    }

    private Future<?> perform(Effect<?> effect, TraceContext trace) {
        if (effect instanceof Effect.Call<?, ?> call) {
            return call(call);
        }
        if (effect instanceof Effect.CallRest call) {
            return peer(call.peer()).compose(peer -> restPrefetcher.call(peer, call));
        }
        if (effect instanceof Effect.Wait pause) {
            return gossipContext.vertx().timer(pause.millis()).map(Done.DONE);
        }
        if (effect instanceof Effect.Begin beside) {
            begin(beside.effects());
            return Future.succeededFuture(Done.DONE);
        }
        return store.ask(effect, trace);
    }

    private Future<ConnectedPeer> peer(Bytes key) {
        return peerManager
                .find(key)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new PeerCallFailure(Fault.Kind.SILENT, "the peer is forgotten")));
    }

    private <Q extends Message, A extends Message> Future<A> call(Effect.Call<Q, A> call) {
        TraceSpan span = traces.announcing(call.peer(), call.request());
        return traces.ended(
                span,
                peer(call.peer())
                        .compose(peer -> peerManager.call(
                                peer,
                                call.method(),
                                call.request(),
                                span.context().headers())));
    }
}
