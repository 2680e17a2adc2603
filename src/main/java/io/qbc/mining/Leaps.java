package io.qbc.mining;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_TIP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.FindTip;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Failure;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** The leaps of one chain, one at a time in the order of the requests. */
final class Leaps {
    private static final int TRIES = 64;
    /** How long a requested leap waits for this node's turn; one by itself waits as long as it takes. */
    private static final long PATIENCE = 30_000;
    /** When to look again whether the slot has passed in which this node sealed already. */
    private static final long LATER = 100;

    private final Bus bus;
    private final ChainSpec spec;
    private final int queueMax;
    private final Pool pool;
    private final Sealer sealer;
    private final SlashingProtection slashingProtection;
    private final Pause pause;
    private final InstantSource clock;
    private final Supplier<Future<Void>> reload;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private Sealer.Round round;
    private boolean running;
    private boolean paused;
    private boolean frozen;
    private boolean stopped;

    Leaps(
            Bus bus,
            ChainSpec spec,
            int queueMax,
            Pool pool,
            Sealer sealer,
            SlashingProtection slashingProtection,
            Pause pause,
            InstantSource clock,
            Supplier<Future<Void>> reload) {
        this.bus = bus;
        this.spec = spec;
        this.queueMax = queueMax;
        this.pool = pool;
        this.sealer = sealer;
        this.round = sealer.round();
        this.slashingProtection = slashingProtection;
        this.pause = pause;
        this.clock = clock;
        this.reload = reload;
    }

    /** One caller's leap: everything up to {@code upTo} is to be sealed, in one quant or several. */
    private static final class Request {
        final Promise<Leaped> promise = Promise.promise();
        final long upTo;
        final boolean asked;
        final Optional<Hash> on;
        final long deadline;
        int quants;
        long count;
        int tries;

        Request(long upTo, boolean asked, Optional<Hash> on, long deadline) {
            this.upTo = upTo;
            this.asked = asked;
            this.on = on;
            this.deadline = deadline;
        }

        /** Whether it is done with once nothing waits for it, on this head. */
        boolean idle(Head head) {
            return !asked || on.filter(hash -> !hash.equals(head.hash())).isPresent();
        }
    }

    /**
     * A leap that somebody asked for, of an empty pool too; refused when too many wait already.
     *
     * @param on the one head on which an empty quant is made, so that who asks again gets no second one; any if empty
     */
    Future<Leaped> request(Optional<Hash> on) {
        return request(true, on, clock.millis() + PATIENCE);
    }

    /** A leap by itself, of what waits now and is not taken meanwhile. */
    Future<Leaped> ripe() {
        return request(false, Optional.empty(), Long.MAX_VALUE);
    }

    private Future<Leaped> request(boolean asked, Optional<Hash> on, long deadline) {
        if (stopped) {
            return Future.failedFuture(new Failure(Reason.STOPPING, "the node is stopping"));
        }
        if (requests.size() >= queueMax) {
            return Future.failedFuture(new Failure(Reason.BUSY, queueMax + " leaps wait already"));
        }
        Request request = new Request(pool.last(), asked, on, deadline);
        requests.add(request);
        run();
        return request.promise.future();
    }

    /** Another head makes the present round worthless, unless it is the round's own quant. */
    void headMoved(Head head) {
        slashingProtection.headMoved(head);
        round.cancel();
        pause.end();
    }

    /** Begins no further round until {@link #resume}. */
    void pause() {
        paused = true;
        round.cancel();
    }

    void resume() {
        paused = false;
        run();
    }

    /** Refuses leaps, or takes them again. */
    void freeze(boolean shut) {
        frozen = shut;
        pause.end();
    }

    void stop() {
        stopped = true;
        round.cancel();
        pause.end();
    }

    private void run() {
        if (running || paused || requests.isEmpty()) {
            return;
        }
        running = true;
        Request request = requests.peek();
        attempt(request).onComplete(done -> {
            running = false;
            if (done.failed()) {
                refuse(request, Failure.of(done.cause()));
            } else {
                done.result().ifPresent(leaped -> finish(request, leaped));
            }
            run();
        });
    }

    private void finish(Request request, Leaped leaped) {
        requests.remove(request);
        request.promise.complete(leaped);
    }

    private void refuse(Request request, Refusal refusal) {
        requests.remove(request);
        request.promise.fail(new Failure(refusal));
    }

    /** One round: the answer when the request is done with, nothing when another round is needed. */
    private Future<Optional<Leaped>> attempt(Request request) {
        if (frozen) {
            return answer(Reason.CHAIN_FROZEN.refusal("the chain does not leap"));
        }
        if (stopped || request.tries++ >= TRIES + request.quants) {
            Reason reason = stopped ? Reason.STOPPING : Reason.BUSY;
            return answer(reason.refusal("the head moved under each of " + TRIES + " tries"));
        }
        Sealer.Round own = sealer.round();
        round = own;
        return bus.ask(FIND_TIP, new FindTip(spec.id())).compose(tip -> seal(request, tip, own));
    }

    private Future<Optional<Leaped>> seal(Request request, Tip tip, Sealer.Round own) {
        long now = clock.millis();
        if (request.idle(tip.head()) && !pool.waitsUpTo(request.upTo)) {
            return answer(new Leaped(tip.head(), request.quants, request.count));
        }
        Turn turn = sealer.turn(tip, now);
        if (turn instanceof Turn.Never never) {
            return answer(never.refusal());
        }
        if (turn instanceof Turn.At at) {
            return wait(request, at.timestamp());
        }
        Pool.Batch batch =
                pool.first(spec.limits().quantTransactionsMax(), spec.limits().quantBytesMax());
        return sealer.binds(tip)
                ? promise(request, tip, batch, own)
                : sealer.seal(tip, batch, now, own).compose(made -> append(request, made, batch));
    }

    /** Waits for this node's turn, unless that takes longer than who asked can wait. */
    private Future<Optional<Leaped>> wait(Request request, long due) {
        for (Request other : List.copyOf(requests)) {
            if (other != request && other.deadline < due) {
                refuse(other, notDue(due));
            }
        }
        if (request.deadline < due) {
            return answer(notDue(due));
        }
        request.tries--;
        return pause.last(due - clock.millis()).map(Optional.empty());
    }

    private static Refusal notDue(long due) {
        return Reason.NOT_DUE.refusal("it is this node's turn at " + due);
    }

    /** What the seal promises is stored before it is made. */
    private Future<Optional<Leaped>> promise(Request request, Tip tip, Pool.Batch batch, Sealer.Round own) {
        return slashingProtection
                .current(tip)
                .compose(signingRecord -> signingRecord
                        .map(before -> sealer.draft(tip, batch, before, clock.millis())
                                .compose(draft -> seal(request, draft, before, batch, own)))
                        .orElseGet(() -> wait(request, slashingProtection.quietUntil())));
    }

    private Future<Optional<Leaped>> seal(
            Request request, Draft draft, SigningRecord before, Pool.Batch batch, Sealer.Round own) {
        Optional<SigningRecord> after = sealer.promise(draft, before);
        if (after.isEmpty()) {
            return wait(request, clock.millis() + LATER);
        }
        return slashingProtection
                .keep(before, after.get())
                .compose(kept -> kept ? sealer.seal(draft, own) : Future.succeededFuture(Optional.empty()))
                .compose(made -> append(request, made, batch));
    }

    /** Offers what was sealed; nothing when it was called off. */
    private Future<Optional<Leaped>> append(Request request, Optional<CompactQuant> made, Pool.Batch batch) {
        return made.map(compactQuant -> append(request, compactQuant, batch))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
    }

    private Future<Optional<Leaped>> append(Request request, CompactQuant compactQuant, Pool.Batch batch) {
        return bus.ask(APPEND, Append.own(spec.id(), compactQuant, batch.logRanges()))
                .compose(verdict -> judged(request, verdict, batch));
    }

    private Future<Optional<Leaped>> judged(Request request, Verdict verdict, Pool.Batch batch) {
        if (verdict instanceof Verdict.Extended extended) {
            batch.logRanges().forEach(pool::remove);
            request.quants++;
            request.count += batch.ids().size();
            return pool.waitsUpTo(request.upTo)
                    ? Future.succeededFuture(Optional.empty())
                    : answer(new Leaped(extended.head(), request.quants, request.count));
        }
        if (verdict instanceof Verdict.Refused refused) {
            return refused(request, refused.refusal());
        }
        return answer(Reason.INTERNAL.refusal("unexpected verdict " + verdict));
    }

    private Future<Optional<Leaped>> refused(Request request, Refusal refusal) {
        return switch (refusal.reason()) {
            // Its slot may have ended while the promise was stored.
            case PARENT_STALE, QUANT_TIME_EARLY, NOT_DUE -> Future.succeededFuture(Optional.empty());
            case TRANSACTION_TWICE, TRANSACTIONS_MISSING -> {
                // The pool fell behind the store, which is the truth.
                request.tries += TRIES / 4;
                yield reload.get().map(Optional.empty());
            }
            default -> answer(refusal);
        };
    }

    private static Future<Optional<Leaped>> answer(Leaped leaped) {
        return Future.succeededFuture(Optional.of(leaped));
    }

    private static Future<Optional<Leaped>> answer(Refusal refusal) {
        return Future.failedFuture(new Failure(refusal));
    }
}
