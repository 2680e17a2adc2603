package io.qbc.gossip;

import io.qbc.bus.Failure;
import io.qbc.gossip.chains.Heads;
import io.qbc.gossip.peers.Link;
import io.qbc.gossip.peers.Neighbours;
import io.qbc.gossip.peers.Setting;
import io.qbc.gossip.wire.Frame;
import io.qbc.gossip.wire.NoAnswer;
import io.qbc.gossip.wire.Replies;
import io.qbc.gossip.wire.Verb;
import io.qbc.model.Bytes;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Outcome;
import io.qbc.protocol.effect.Run;
import io.qbc.protocol.effect.Step;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what the machines of the talk decide, and tells them what came of it. */
final class Hands {
    private static final Logger LOG = LoggerFactory.getLogger(Hands.class);

    private final Setting setting;
    private final Neighbours neighbours;
    private final StoreAsks store;
    private final RestAhead rests;

    Hands(Setting setting, Neighbours neighbours, Heads heads) {
        this.setting = setting;
        this.neighbours = neighbours;
        store = new StoreAsks(setting, heads);
        rests = new RestAhead(setting, neighbours);
    }

    /** Begins all tasks of a step, and whatever follows from each. */
    void begin(Step step) {
        step.tasks()
                .forEach(task -> carry(task)
                        .onSuccess(this::begin)
                        .onFailure(cause -> LOG.debug("left undone: {}", cause.toString())));
    }

    /** Carries a task to its end; fails with {@link NoAnswer} or {@link Failure}. */
    <R> Future<R> carry(Task<R> task) {
        Promise<R> end = Promise.promise();
        goOn(new Run<>(task), new Outcome.Came<>(Done.DONE), end);
        return end.future();
    }

    private <R> void goOn(Run<R> run, Outcome<?> came, Promise<R> end) {
        tell(run, came);
        while (run.want().isPresent()) {
            Future<?> done = perform(run.want().get());
            if (!done.isComplete()) {
                done.onComplete(ended -> goOn(run, outcome(done), end));
                return;
            }
            tell(run, outcome(done));
        }
        run.outcome().ifPresent(outcome -> finish(outcome, end));
    }

    private static <R> void finish(Outcome<R> outcome, Promise<R> end) {
        if (outcome instanceof Outcome.Came<R> came) {
            end.complete(came.value());
        } else if (outcome instanceof Outcome.Failed<R> failed) {
            end.fail(cause(failed.fault()));
        }
    }

    /** A decision that throws is a bug; what it stood for fails, so that nothing waits for it for ever. */
    private static void tell(Run<?> run, Outcome<?> came) {
        try {
            run.on(came);
        } catch (RuntimeException e) {
            LOG.error("a decision of the talk failed", e);
            tell(run, new Outcome.Failed<>(Fault.own(Failure.of(e))));
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

    private Future<?> perform(Want<?> want) {
        if (want instanceof Want.Call<?> call) {
            return peer(call.peer()).compose(peer -> call(peer, call));
        }
        if (want instanceof Want.CallRest call) {
            return peer(call.peer()).compose(peer -> rests.call(peer, call)).compose(Hands::here);
        }
        if (want instanceof Want.Wait pause) {
            return setting.vertx().timer(pause.millis()).map(Done.DONE);
        }
        if (want instanceof Want.Begin beside) {
            begin(beside.step());
            return Future.succeededFuture(Done.DONE);
        }
        return store.ask(want);
    }

    private Future<Link> peer(Bytes key) {
        return neighbours
                .find(key)
                .map(Future::succeededFuture)
                .orElseGet(() -> Future.failedFuture(new NoAnswer(Fault.Kind.SILENT, "the peer is forgotten")));
    }

    private Future<? extends Message> call(Link peer, Want.Call<?> call) {
        return neighbours
                .call(peer, call.errand().word(), Frame.write(call.message()))
                .compose(answer -> read(call.errand(), answer));
    }

    private Future<? extends Message> read(Errand<?> errand, Bytes answer) {
        return switch (errand.word()) {
            case Verb.HEAD -> here(Frame.status(answer)).onSuccess(status -> neighbours.heard(status.addresses()));
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
        return setting.compute(reading).compose(Hands::here);
    }
}
