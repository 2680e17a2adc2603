package io.qbc.subscription;

import io.qbc.bus.Catalogue.AcknowledgeEvents;
import io.qbc.bus.Catalogue.CommitOffset;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.ReleaseSubscription;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Failure;
import io.qbc.follow.Reading;
import io.qbc.model.Reason;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** Carries out what one subscription's machine decides: answers fetches, offers events, stores. Used on one context. */
final class SubscriptionRunner {
    private final RunnerContext context;
    private final SubscriptionMachine machine;
    private final StateKeeper keeper;
    private final Fetches fetches;
    private final Pusher pusher;
    private boolean closed;

    SubscriptionRunner(RunnerContext context, RowStore rows, SubscriptionMachine machine, Optional<Delivery> delivery) {
        this.context = context;
        this.machine = machine;
        this.keeper = new StateKeeper(context, rows, machine);
        this.fetches = new Fetches(context, machine, keeper);
        this.pusher = new Pusher(context, machine, keeper, delivery);
    }

    SubscriptionMachine machine() {
        return machine;
    }

    Future<FetchedEvents> fetch(FetchEvents wanted) {
        return fetches.fetch(wanted);
    }

    Future<Void> commit(CommitOffset wanted) {
        return apply(machine.commit(
                wanted.holder(),
                wanted.offset(),
                wanted.generation(),
                context.clock().millis()));
    }

    Future<Void> acknowledge(AcknowledgeEvents wanted) {
        return apply(machine.acknowledge(
                wanted.holder(),
                wanted.events(),
                wanted.generation(),
                context.clock().millis()));
    }

    /** Gives back what a consumer has, so that others get it at once; fails if it is refused. */
    void release(ReleaseSubscription wanted) {
        fetches.requirePulled();
        machine.release(wanted.holder(), wanted.events()).ifPresent(refusal -> {
            throw new Failure(refusal);
        });
        if (wanted.events().isEmpty()) {
            fetches.leave(wanted.holder());
        }
        wake();
    }

    /** Stores what a change wants stored; fails if it is refused or cannot be stored. */
    Future<Void> apply(Changed changed) {
        return keeper.apply(changed);
    }

    /** The chain moved, or the subscription was changed. */
    void wake() {
        if (!closed) {
            fetches.wake();
            pusher.wake();
        }
    }

    /** Looks at the clock. */
    void tick() {
        long now = context.clock().millis();
        fetches.tick(now);
        keeper.tick(now);
        pusher.tick(now);
    }

    /** Offers a dead letter once more. */
    Future<DeadLetter> retry(DeadLetter letter) {
        if (!pusher.delivers()) {
            return Future.failedFuture(new Failure(Reason.SUBSCRIPTION_KIND, "the node delivers nothing by itself"));
        }
        Subscription subscription = machine.subscription();
        return context.reader()
                .position(subscription.chain(), letter.index())
                .compose(
                        at -> context.reader().read(subscription.chain(), at, subscription.extent(), context.bounds(1)))
                .compose(reading -> pusher.offer(events(letter, reading), letter.attempts()))
                .compose(outcome -> {
                    if (outcome.taken() == 0) {
                        String why = outcome.then() instanceof Delivery.Then.Retry retry
                                ? retry.reason()
                                : outcome.then() instanceof Delivery.Then.Disable disable ? disable.reason() : "";
                        return Future.failedFuture(new Failure(Reason.BUSY, "it was not taken: " + why));
                    }
                    return keeper.revived(letter).map(letter);
                });
    }

    private List<SubscribedEvent> events(DeadLetter letter, Reading reading) {
        List<SubscribedEvent> events = reading instanceof Reading.Leaves leaves
                ? leaves.leaves().stream()
                        .filter(leaf ->
                                letter.transaction().filter(leaf.id()::equals).isPresent())
                        .map(machine::event)
                        .toList()
                : List.of();
        if (events.isEmpty()) {
            throw new Failure(Reason.DEAD_LETTER_UNKNOWN, "the transaction is no longer in the chain at this place");
        }
        return events;
    }

    /** Delivers in another way from now on. */
    void deliverBy(Optional<Delivery> other) {
        pusher.deliverBy(other);
    }

    /** It was removed; nothing of it is stored any more. */
    Future<Void> gone() {
        keeper.gone();
        return close(Reason.SUBSCRIPTION_UNKNOWN, "the subscription was removed");
    }

    Future<Void> close(Reason why, String detail) {
        Future<Void> flushed = keeper.close();
        closed = true;
        pusher.close();
        fetches.close(why, detail);
        return flushed;
    }
}
