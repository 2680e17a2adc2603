package io.qbc.api;

import io.qbc.api.limits.Permits;
import io.qbc.bus.Catalogue.Absent;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Pending;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** The callers who wait until their transaction is in a quant. */
public final class Waiters {
    private final Finder finder;
    private final Vertx vertx;
    private final Permits permits;
    private final Set<Waiter> waiting = new HashSet<>();

    Waiters(Finder finder, Vertx vertx, Permits permits) {
        this.finder = finder;
        this.vertx = vertx;
        this.permits = permits;
    }

    /**
     * Gives where the transaction is as soon as it no longer waits, or where it is when the time is over.
     *
     * @param sequence its place in this node's log, if that is known; then a new quant tells at once whether it has it
     */
    Future<Located> await(Hash chain, Hash id, OptionalLong sequence, Duration time) {
        if (!permits.take()) {
            return Future.failedFuture(new Failure(Reason.BUSY, "too many requests wait for a quant"));
        }
        Waiter waiter = new Waiter(chain, id, sequence, Promise.promise());
        waiting.add(waiter);
        long timer = vertx.setTimer(Math.max(1, time.toMillis()), late -> look(waiter, true));
        // It may be in a quant by now, whose news came before this.
        look(waiter, false);
        return waiter.promise.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            waiting.remove(waiter);
            permits.release();
        });
    }

    public void moved(HeadMoved event) {
        List.copyOf(waiting).stream()
                .filter(waiter -> waiter.chain.equals(event.chain()))
                .filter(waiter -> event.undone() > 0 || waiter.mayBeIn(event))
                .forEach(waiter -> look(waiter, false));
    }

    /** Nobody waits for a chain that is gone. */
    void closed(Hash chain) {
        Failure gone = new Failure(Reason.CHAIN_UNKNOWN, "the chain was removed from this node");
        List.copyOf(waiting).stream()
                .filter(waiter -> waiter.chain.equals(chain))
                .forEach(waiter -> waiter.promise.tryFail(gone));
    }

    private void look(Waiter waiter, boolean last) {
        finder.find(waiter.chain, waiter.id)
                .onSuccess(located -> {
                    if (last || !(located instanceof Pending || located instanceof Absent)) {
                        waiter.promise.tryComplete(located);
                    }
                })
                .onFailure(waiter.promise::tryFail);
    }

    /** One caller; two may wait for the same transaction, so a waiter is equal to itself only. */
    private static final class Waiter {
        private final Hash chain;
        private final Hash id;
        private final OptionalLong sequence;
        private final Promise<Located> promise;

        Waiter(Hash chain, Hash id, OptionalLong sequence, Promise<Located> promise) {
            this.chain = chain;
            this.id = id;
            this.sequence = sequence;
            this.promise = promise;
        }

        boolean mayBeIn(HeadMoved event) {
            return sequence.isEmpty()
                    || event.superseded().stream().anyMatch(each -> each.sequence() == sequence.getAsLong())
                    || event.done().stream()
                            .anyMatch(placed -> sequence.getAsLong()
                                            >= placed.logRange().from()
                                    && sequence.getAsLong() < placed.logRange().end());
        }
    }
}
