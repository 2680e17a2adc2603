package io.qbc.subscription;

import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.bus.Failure;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Stores one subscription's state: at once where somebody is told of a change, or some changes together. */
final class StateKeeper {
    private static final int UNSYNCED_MAX = 100;

    private final RunnerContext context;
    private final RowStore rows;
    private final SubscriptionMachine machine;
    private int unsynced;
    private long unsyncedSince;
    private boolean closed;

    StateKeeper(RunnerContext context, RowStore rows, SubscriptionMachine machine) {
        this.context = context;
        this.rows = rows;
        this.machine = machine;
    }

    /** Stores what a change wants stored; fails if it is refused or cannot be stored. */
    Future<Void> apply(Changed changed) {
        if (changed.refusal().isPresent()) {
            return Future.failedFuture(new Failure(changed.refusal().get()));
        }
        return store(changed.sync(), changed.dead());
    }

    Future<Void> store(Sync sync) {
        return store(sync, List.of());
    }

    private Future<Void> store(Sync sync, List<DeadLetter> dead) {
        if (closed || sync == Sync.NONE) {
            return Future.succeededFuture();
        }
        long now = context.clock().millis();
        unsyncedSince = unsynced == 0 ? now : unsyncedSince;
        unsynced++;
        if (sync == Sync.LATER && unsynced < UNSYNCED_MAX) {
            return Future.succeededFuture();
        }
        List<SubscriptionRow> all = new ArrayList<>();
        dead.forEach(letter -> all.add(RowStore.dead(machine.subscription().name(), letter)));
        all.add(RowStore.state(machine));
        int covered = unsynced;
        return rows.keep(all).onSuccess(kept -> unsynced = Math.max(0, unsynced - covered));
    }

    /** A dead letter was taken after all. */
    Future<Void> revived(DeadLetter letter) {
        machine.revived();
        return rows.keep(
                List.of(RowStore.noDead(machine.subscription().name(), letter.number()), RowStore.state(machine)));
    }

    /** Stores what waited long enough. */
    void tick(long now) {
        if (unsynced > 0
                && now - unsyncedSince >= context.limits().syncInterval().toMillis()) {
            flush();
        }
    }

    /** Stores what waits; complete when it is, or could not be. */
    Future<Void> flush() {
        return unsynced == 0 ? Future.succeededFuture() : store(Sync.NOW).otherwiseEmpty();
    }

    /** Nothing is stored from now on; complete when what waited is. */
    Future<Void> close() {
        Future<Void> flushed = flush();
        closed = true;
        return flushed;
    }

    /** It was removed; nothing of it is stored any more. */
    void gone() {
        unsynced = 0;
        closed = true;
    }
}
