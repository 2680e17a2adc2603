package io.qbc.subscription;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.CommitOffset;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.bus.Catalogue.SubscriptionRow;
import io.qbc.bus.Failure;
import io.qbc.follow.Reading;
import io.qbc.model.Reason;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.qbc.subscription.SubscriptionMachine.Taken;
import io.qbc.subscription.SubscriptionState.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out what one subscription's machine decides: reads, stores, answers and offers. Used on one context. */
final class SubscriptionRunner {
    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionRunner.class);
    private static final String PUSH = "~delivery";
    private static final int UNSYNCED_MAX = 100;
    private static final int READS_MAX = 200;
    private static final long READ_RETRY_MILLIS = 1000;

    private final RunnerContext context;
    private final RowStore rows;
    private final SubscriptionMachine machine;
    private Optional<Delivery> delivery;
    private Optional<Waiter> waiter = Optional.empty();
    private long anonymous;
    private boolean pushing;
    private boolean again;
    /** Whether the chain moved while it was read for a fetch. */
    private boolean missed;
    /** Whether a time must pass before the next offer. */
    private boolean timed;

    private long pushAfter;
    private int unsynced;
    private long unsyncedSince;
    private boolean closed;

    SubscriptionRunner(RunnerContext context, RowStore rows, SubscriptionMachine machine, Optional<Delivery> delivery) {
        this.context = context;
        this.rows = rows;
        this.machine = machine;
        this.delivery = delivery;
    }

    /** A fetch that has no answer yet. */
    private static final class Waiter {
        private final FetchEvents wanted;
        private final String holder;
        private final long deadline;
        private final Promise<FetchedEvents> answer = Promise.promise();
        private boolean parked;
        private int reads;

        Waiter(FetchEvents wanted, String holder, long deadline) {
            this.wanted = wanted;
            this.holder = holder;
            this.deadline = deadline;
        }
    }

    SubscriptionMachine machine() {
        return machine;
    }

    private long now() {
        return context.clock().millis();
    }

    // Fetches.

    Future<FetchedEvents> fetch(FetchEvents wanted) {
        if (machine.subscription().deliver().kind().pushes()) {
            return Future.failedFuture(new Failure(
                    Reason.SUBSCRIPTION_KIND,
                    "the node delivers by itself: "
                            + machine.subscription().deliver().kind().name().toLowerCase(Locale.ROOT)));
        }
        long wait = Math.min(wanted.waitMillis(), context.limits().waitMax().toMillis());
        String holder = wanted.holder().orElseGet(() -> "~" + ++anonymous);
        Waiter next = new Waiter(wanted, holder, now() + wait);
        attempt(next);
        return next.answer.future();
    }

    private void attempt(Waiter of) {
        if (of.answer.future().isComplete()) {
            return;
        }
        missed = false;
        int count = Math.min(of.wanted.countMax(), context.limits().fetchEvents());
        Next next = machine.next(of.holder, of.wanted.ahead(), count, now());
        if (next instanceof Next.Refused refused) {
            end(of);
            of.answer.tryFail(new Failure(refused.refusal()));
            return;
        }
        take(of);
        if (next instanceof Next.Full full) {
            idle(of, full.offset(), full.generation());
        } else if (next instanceof Next.Ready ready) {
            answer(of, ready.batch());
        } else if (next instanceof Next.Read read) {
            read(read)
                    .onSuccess(reading -> taken(of, machine.take(read, reading)))
                    .onFailure(cause -> {
                        end(of);
                        machine.release(of.holder);
                        of.answer.tryFail(cause);
                    });
        }
    }

    /** The lease lets one fetch in at a time; the same consumer's next one is in place of its last. */
    private void take(Waiter of) {
        Optional<Waiter> before = waiter.filter(other -> other != of);
        before.ifPresent(other -> {
            end(other);
            other.answer.tryComplete(
                    nothing(machine.state().offset().leaf(), machine.state().generation()));
        });
        waiter = Optional.of(of);
    }

    private void taken(Waiter of, Taken taken) {
        store(taken.sync())
                .onSuccess(stored -> {
                    if (taken instanceof Taken.Ready ready) {
                        answer(of, ready.batch());
                    } else if (taken instanceof Taken.Nothing nothing) {
                        idle(of, nothing.offset(), nothing.generation());
                    } else if (++of.reads < READS_MAX) {
                        attempt(of);
                    } else {
                        // The next fetch goes on where this one has come to.
                        idle(
                                of,
                                machine.state().offset().leaf(),
                                machine.state().generation());
                    }
                })
                .onFailure(cause -> {
                    end(of);
                    of.answer.tryFail(cause);
                });
    }

    private void answer(Waiter of, Batch batch) {
        end(of);
        of.answer.tryComplete(new FetchedEvents(
                kind(),
                batch.events(),
                batch.offset(),
                batch.generation(),
                machine.subscription().data(),
                batch.more()));
    }

    private String kind() {
        return machine.subscription().deliver().kind().name().toLowerCase(Locale.ROOT);
    }

    /** There is nothing at present: it waits, or is told so. */
    private void idle(Waiter of, long offset, long generation) {
        if (of.answer.future().isComplete()) {
            return;
        }
        if (missed && now() < of.deadline) {
            attempt(of);
        } else if (now() < of.deadline
                && !of.parked
                && context.waiting().get() >= context.limits().waitersMax()) {
            end(of);
            machine.release(of.holder);
            of.answer.tryFail(new Failure(Reason.BUSY, "too many fetches wait"));
        } else if (now() < of.deadline) {
            if (!of.parked) {
                of.parked = true;
                context.waiting().incrementAndGet();
            }
            of.reads = 0;
        } else {
            end(of);
            if (of.wanted.holder().isEmpty()) {
                machine.release(of.holder);
            }
            of.answer.tryComplete(nothing(offset, generation));
        }
    }

    private FetchedEvents nothing(long offset, long generation) {
        return new FetchedEvents(
                kind(), List.of(), offset, generation, machine.subscription().data(), false);
    }

    private void end(Waiter of) {
        if (of.parked) {
            of.parked = false;
            context.waiting().decrementAndGet();
        }
        waiter = waiter.filter(other -> other != of);
    }

    private Future<Reading> read(Next.Read read) {
        var subscription = machine.subscription();
        Future<Optional<Reading.Reverted>> checked = read.check()
                .map(at -> context.reader().reverted(subscription.chain(), at))
                .orElseGet(() -> Future.succeededFuture(Optional.empty()));
        return checked.compose(reverted -> reverted.isPresent()
                ? Future.succeededFuture(reverted.get())
                : context.reader()
                        .read(
                                subscription.chain(),
                                read.from(),
                                subscription.extent(),
                                context.bounds(read.countMax())));
    }

    Future<Void> commit(CommitOffset wanted) {
        Changed changed = machine.commit(wanted.holder(), wanted.offset(), wanted.generation(), now());
        return apply(changed);
    }

    void release(Optional<String> holder) {
        holder.ifPresent(machine::release);
    }

    // Deliveries that the node begins.

    private void push() {
        boolean on = !closed && delivery.isPresent() && machine.state().standing() == Standing.ACTIVE;
        if (!on || pushing) {
            again |= on;
            return;
        }
        timed = due() > now();
        if (timed) {
            return;
        }
        pushing = true;
        again = false;
        int count = machine.subscription().deliver().batch();
        Next next = machine.next(PUSH, Optional.empty(), count, now());
        if (next instanceof Next.Ready ready) {
            offer(ready.batch());
        } else if (next instanceof Next.Read read) {
            read(read).onSuccess(reading -> pushed(machine.take(read, reading))).onFailure(cause -> postponed(cause));
        } else {
            pushing = false;
        }
    }

    /** When the next offer may be made. */
    private long due() {
        return Math.max(pushAfter, machine.state().nextAttempt());
    }

    /** What cannot be read or stored now is no fault of the subscription: it is tried again soon. */
    private void postponed(Throwable cause) {
        LOG.debug("the subscription {} waits: {}", machine.subscription().name(), cause.toString());
        pushing = false;
        pushAfter = now() + READ_RETRY_MILLIS;
        timed = true;
    }

    private void pushed(Taken taken) {
        store(taken.sync())
                .onSuccess(stored -> {
                    if (taken instanceof Taken.Ready ready) {
                        offer(ready.batch());
                    } else {
                        pushing = false;
                        if (again || taken instanceof Taken.Again) {
                            push();
                        }
                    }
                })
                .onFailure(this::postponed);
    }

    private void offer(Batch batch) {
        long now = now();
        Delivery.Offer offer = new Delivery.Offer(
                machine.subscription(), batch.events(), machine.state().attempts(), machine.secrets(now));
        Future<Delivery.Outcome> outcome;
        try {
            outcome = delivery.orElseThrow().offer(offer);
        } catch (RuntimeException e) {
            outcome = Future.failedFuture(e);
        }
        outcome.otherwise(cause -> Delivery.Outcome.retry(cause.toString(), Optional.empty()))
                .onSuccess(came -> offered(came, batch));
    }

    private void offered(Delivery.Outcome outcome, Batch batch) {
        if (closed) {
            return;
        }
        Standing before = machine.state().standing();
        Changed changed =
                machine.outcome(outcome, batch.generation(), context.chance().getAsDouble(), now());
        if (machine.state().dead() > context.limits().deadMax()) {
            machine.disable("there are more than " + context.limits().deadMax() + " dead letters");
        }
        tellDisabled(before);
        apply(changed)
                .onSuccess(stored -> {
                    pushing = false;
                    push();
                })
                .onFailure(this::postponed);
    }

    private void tellDisabled(Standing before) {
        SubscriptionState state = machine.state();
        if (state.standing() == Standing.DISABLED && before != Standing.DISABLED) {
            String error = state.lastError().orElse("");
            LOG.error(
                    "the subscription {} was disabled: {}",
                    machine.subscription().name(),
                    error);
            context.bus()
                    .tell(
                            Catalogue.SUBSCRIPTION_DISABLED,
                            new SubscriptionDisabled(
                                    machine.subscription().chain(),
                                    machine.subscription().name(),
                                    error));
        }
    }

    /** Offers a dead letter once more. */
    Future<DeadLetter> retry(DeadLetter letter) {
        if (delivery.isEmpty()) {
            return Future.failedFuture(new Failure(Reason.SUBSCRIPTION_KIND, "the node delivers nothing by itself"));
        }
        var subscription = machine.subscription();
        return context.reader()
                .position(subscription.chain(), letter.index())
                .compose(
                        at -> context.reader().read(subscription.chain(), at, subscription.extent(), context.bounds(1)))
                .compose(reading -> {
                    var events = reading instanceof Reading.Leaves leaves
                            ? leaves.leaves().stream()
                                    .filter(leaf -> letter.transaction()
                                            .filter(leaf.id()::equals)
                                            .isPresent())
                                    .map(machine::event)
                                    .toList()
                            : List.<Catalogue.SubscribedEvent>of();
                    if (events.isEmpty()) {
                        throw new Failure(
                                Reason.DEAD_LETTER_UNKNOWN, "the transaction is no longer in the chain at this place");
                    }
                    return delivery.orElseThrow()
                            .offer(new Delivery.Offer(subscription, events, letter.attempts(), machine.secrets(now())));
                })
                .compose(outcome -> {
                    if (outcome.taken() == 0) {
                        String why = outcome.then() instanceof Delivery.Then.Retry retry
                                ? retry.reason()
                                : outcome.then() instanceof Delivery.Then.Disable disable ? disable.reason() : "";
                        return Future.failedFuture(new Failure(Reason.BUSY, "it was not taken: " + why));
                    }
                    machine.revived();
                    return rows.keep(List.of(
                                    RowStore.noDead(subscription.name(), letter.number()), RowStore.state(machine)))
                            .map(letter);
                });
    }

    // What is stored.

    /** Stores what a change wants stored; fails if it is refused or cannot be stored. */
    Future<Void> apply(Changed changed) {
        if (changed.refusal().isPresent()) {
            return Future.failedFuture(new Failure(changed.refusal().get()));
        }
        return store(changed.sync(), changed.dead());
    }

    private Future<Void> store(Sync sync) {
        return store(sync, List.of());
    }

    private Future<Void> store(Sync sync, List<DeadLetter> dead) {
        if (closed || sync == Sync.NONE) {
            return Future.succeededFuture();
        }
        unsyncedSince = unsynced == 0 ? now() : unsyncedSince;
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

    /** Stores what waits; complete when it is, or could not be. */
    Future<Void> flush() {
        return unsynced == 0 ? Future.succeededFuture() : store(Sync.NOW).otherwiseEmpty();
    }

    // What wakes it.

    /** The chain moved, or the subscription was changed. */
    void wake() {
        if (!closed) {
            missed = true;
            waiter.filter(of -> of.parked).ifPresent(this::attempt);
            push();
        }
    }

    /** Looks at the clock. */
    void tick() {
        long now = now();
        waiter.filter(of -> of.parked && now >= of.deadline)
                .ifPresent(of -> idle(
                        of, machine.state().offset().leaf(), machine.state().generation()));
        if (unsynced > 0
                && now - unsyncedSince >= context.limits().syncInterval().toMillis()) {
            flush();
        }
        if (timed && due() <= now) {
            push();
        }
    }

    /** Delivers in another way from now on. */
    void deliverBy(Optional<Delivery> other) {
        delivery.ifPresent(Delivery::close);
        delivery = other;
    }

    /** It was removed; nothing of it is stored any more. */
    Future<Void> gone() {
        unsynced = 0;
        return close(Reason.SUBSCRIPTION_UNKNOWN, "the subscription was removed");
    }

    Future<Void> close(Reason why, String detail) {
        Future<Void> flushed = flush();
        closed = true;
        delivery.ifPresent(Delivery::close);
        waiter.ifPresent(of -> {
            end(of);
            of.answer.tryFail(new Failure(why, detail));
        });
        return flushed;
    }
}
