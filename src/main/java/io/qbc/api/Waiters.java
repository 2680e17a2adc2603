package io.qbc.api;

import io.qbc.api.limits.Permits;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The callers who wait until a transaction is in a quant, or until there is a quant. */
public final class Waiters {
    private final Finder finder;
    private final Vertx vertx;
    private final Permits permits;
    private final Set<Waiter<?>> waiting = new HashSet<>();

    /** Waiting callers of one event loop, each of whom holds a permit. */
    public Waiters(Finder finder, Vertx vertx, Permits permits) {
        this.finder = finder;
        this.vertx = vertx;
        this.permits = permits;
    }

    /**
     * Gives where the transaction is as soon as it no longer waits, or where it is when the time is over.
     *
     * @param sequence its place in this node's log, if that is known; then a new quant tells at once whether it has it
     */
    public Future<Located> await(Hash chain, Hash id, OptionalLong sequence, WaitTime time) {
        return begin(
                new Waiter<>(
                        chain,
                        event -> mayBeIn(sequence, event),
                        () -> finder.find(chain, id),
                        located -> !(located instanceof Pending || located instanceof Absent)),
                time);
    }

    /**
     * Gives the quant that is looked for as soon as the chain has it; empty if it has not when the time is over.
     *
     * @param height what the chain must be as high as, so that it may be there
     */
    public Future<Optional<QuantHead>> awaitQuant(
            Hash chain, long height, Supplier<Future<Optional<QuantHead>>> look, WaitTime time) {
        return begin(new Waiter<>(chain, event -> event.head().height() >= height, look, Optional::isPresent), time);
    }

    private <T> Future<T> begin(Waiter<T> waiter, WaitTime time) {
        if (!permits.take()) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too many requests wait for a quant"));
        }
        waiting.add(waiter);
        long timer = vertx.setTimer(Math.max(1, time.most().toMillis()), late -> waiter.look(true));
        time.whenLeft().accept(() -> waiter.promise.tryFail(new Failure(Reason.TIMED_OUT, "the caller left")));
        // It may be there by now, and its news came before this.
        waiter.look(false);
        return waiter.promise.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            waiting.remove(waiter);
            permits.release();
        });
    }

    public void moved(HeadMoved event) {
        List.copyOf(waiting).stream()
                .filter(waiter -> waiter.chain.equals(event.chain()))
                .filter(waiter -> event.undone() > 0 || waiter.concern.test(event))
                .forEach(waiter -> waiter.look(false));
    }

    /** Nobody waits for a chain that is gone. */
    public void closed(Hash chain) {
        Failure gone = new Failure(Reason.CHAIN_UNKNOWN, "the chain was removed from this node");
        List.copyOf(waiting).stream()
                .filter(waiter -> waiter.chain.equals(chain))
                .forEach(waiter -> waiter.promise.tryFail(gone));
    }

    private static boolean mayBeIn(OptionalLong sequence, HeadMoved event) {
        return sequence.isEmpty()
                || event.superseded().stream().anyMatch(each -> each.sequence() == sequence.getAsLong())
                || event.done().stream()
                        .anyMatch(placed -> sequence.getAsLong()
                                        >= placed.logRange().from()
                                && sequence.getAsLong() < placed.logRange().end());
    }

    /** One caller; two may wait for the same thing, so a waiter is equal to itself only. */
    private static final class Waiter<T> {
        private final Hash chain;
        private final Predicate<HeadMoved> concern;
        private final Supplier<Future<T>> question;
        private final Predicate<T> enough;
        private final Promise<T> promise = Promise.promise();

        /**
         * A caller that begins to wait.
         *
         * @param concern whether the answer may be another after this move of the head
         * @param enough whether this answer is the one that is waited for
         */
        Waiter(Hash chain, Predicate<HeadMoved> concern, Supplier<Future<T>> question, Predicate<T> enough) {
            this.chain = chain;
            this.concern = concern;
            this.question = question;
            this.enough = enough;
        }

        /** Asks; the last answer is as good as any. */
        void look(boolean last) {
            question.get()
                    .onSuccess(found -> {
                        if (last || enough.test(found)) {
                            promise.tryComplete(found);
                        }
                    })
                    .onFailure(promise::tryFail);
        }
    }
}
