package io.qbc.mining;

import static io.qbc.bus.Catalogue.APPEND;
import static io.qbc.bus.Catalogue.FIND_TIP;

import io.qbc.bus.Bus;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.FindTip;
import io.qbc.bus.Catalogue.Leaped;
import io.qbc.bus.Catalogue.Leapt;
import io.qbc.bus.Catalogue.NotLeaped;
import io.qbc.bus.Failure;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Head;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Supplier;

/** The leaps of one chain, one at a time in the order of the requests. */
final class Leaps {
    private static final int TRIES = 64;

    private final Bus bus;
    private final ChainSpec spec;
    private final int queueMax;
    private final Pool pool;
    private final Sealer sealer;
    private final InstantSource clock;
    private final Supplier<Future<Void>> reload;
    private final ArrayDeque<Request> requests = new ArrayDeque<>();
    private Sealer.Round round = new Sealer.Round();
    private boolean running;
    private boolean paused;
    private boolean stopped;

    Leaps(
            Bus bus,
            ChainSpec spec,
            int queueMax,
            Pool pool,
            Sealer sealer,
            InstantSource clock,
            Supplier<Future<Void>> reload) {
        this.bus = bus;
        this.spec = spec;
        this.queueMax = queueMax;
        this.pool = pool;
        this.sealer = sealer;
        this.clock = clock;
        this.reload = reload;
    }

    /** One caller's leap: everything up to {@code upTo} is to be sealed, in one quant or several. */
    private static final class Request {
        final Promise<Leapt> promise = Promise.promise();
        final long upTo;
        int quants;
        long count;
        int tries;

        Request(long upTo) {
            this.upTo = upTo;
        }
    }

    /** Asks for a leap; refused when too many wait already. */
    Future<Leapt> request() {
        if (stopped) {
            return Future.failedFuture(new Failure(Reason.STOPPING, "the node is stopping"));
        }
        if (requests.size() >= queueMax) {
            return Future.succeededFuture(new NotLeaped(Reason.BUSY.refusal(queueMax + " leaps wait already")));
        }
        Request request = new Request(pool.last());
        requests.add(request);
        run();
        return request.promise.future();
    }

    /** Another head makes the present round worthless, unless it is the round's own quant. */
    void headMoved(Head head) {
        round.cancel();
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

    void stop() {
        stopped = true;
        round.cancel();
    }

    private void run() {
        if (running || paused || requests.isEmpty()) {
            return;
        }
        running = true;
        Request request = requests.peek();
        attempt(request)
                .recover(e -> Future.succeededFuture(Optional.of(new NotLeaped(Failure.of(e)))))
                .onSuccess(done -> {
                    running = false;
                    done.ifPresent(leapt -> finish(request, leapt));
                    run();
                });
    }

    private void finish(Request request, Leapt leapt) {
        requests.remove(request);
        request.promise.complete(leapt);
    }

    /** One round: the answer when the request is done with, nothing when another round is needed. */
    private Future<Optional<Leapt>> attempt(Request request) {
        if (stopped || request.tries++ >= TRIES + request.quants) {
            Reason reason = stopped ? Reason.STOPPING : Reason.BUSY;
            return answer(new NotLeaped(reason.refusal("the head moved under each of " + TRIES + " tries")));
        }
        Sealer.Round own = new Sealer.Round();
        round = own;
        return bus.ask(FIND_TIP, new FindTip(spec.id())).compose(tip -> seal(request, tip, own));
    }

    private Future<Optional<Leapt>> seal(Request request, Tip tip, Sealer.Round own) {
        long now = clock.millis();
        Optional<Refusal> notDue = sealer.due(tip, now);
        if (notDue.isPresent()) {
            return answer(new NotLeaped(notDue.get()));
        }
        Pool.Batch batch =
                pool.first(spec.limits().quantTransactionsMax(), spec.limits().quantBytesMax());
        return sealer.seal(tip, batch, now, own)
                .compose(result -> result.map(outline -> append(request, outline, batch))
                        .orElseGet(() -> Future.succeededFuture(Optional.empty())));
    }

    private Future<Optional<Leapt>> append(Request request, Outline outline, Pool.Batch batch) {
        return bus.ask(APPEND, Append.own(spec.id(), outline, batch.runs()))
                .compose(verdict -> judged(request, verdict, batch));
    }

    private Future<Optional<Leapt>> judged(Request request, Verdict verdict, Pool.Batch batch) {
        if (verdict instanceof Verdict.Extended extended) {
            batch.runs().forEach(pool::remove);
            request.quants++;
            request.count += batch.ids().size();
            return pool.waitsUpTo(request.upTo)
                    ? Future.succeededFuture(Optional.empty())
                    : answer(new Leaped(extended.head(), request.quants, request.count));
        }
        if (verdict instanceof Verdict.Refused refused) {
            return refused(request, refused.refusal());
        }
        return answer(new NotLeaped(Reason.INTERNAL.refusal("unexpected verdict " + verdict)));
    }

    private Future<Optional<Leapt>> refused(Request request, Refusal refusal) {
        return switch (refusal.reason()) {
            case PARENT_STALE, QUANT_TIME_EARLY -> Future.succeededFuture(Optional.empty());
            case TRANSACTION_TWICE, TRANSACTIONS_MISSING -> {
                // The pool fell behind the store, which is the truth.
                request.tries += TRIES / 4;
                yield reload.get().map(Optional.empty());
            }
            default -> answer(new NotLeaped(refusal));
        };
    }

    private static Future<Optional<Leapt>> answer(Leapt leapt) {
        return Future.succeededFuture(Optional.of(leapt));
    }
}
