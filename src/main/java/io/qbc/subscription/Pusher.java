package io.qbc.subscription;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.bus.Catalogue.SubscriptionDisabled;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Taken;
import io.qbc.subscription.SubscriptionState.Standing;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deliveries of one subscription that the node begins: one after the other, or several at once, each of another
 * key. Used on one context.
 */
final class Pusher {
    private static final Logger LOG = LoggerFactory.getLogger(Pusher.class);
    private static final String HOLDER = "~delivery";
    private static final long READ_RETRY_MILLIS = 1000;

    private final RunnerContext context;
    private final SubscriptionMachine machine;
    private final StateKeeper keeper;
    private Optional<Delivery> delivery;
    private int underWay;
    /** Of the place when what is under way was offered. */
    private long generation;

    private boolean reading;
    private boolean looping;
    private boolean again;
    /** Whether the chain was read to its end, and did not move since. */
    private boolean dry;
    /** When to look again, and not before when. */
    private long wakeAt = Long.MAX_VALUE;

    private long pushAfter;
    private boolean closed;

    Pusher(RunnerContext context, SubscriptionMachine machine, StateKeeper keeper, Optional<Delivery> delivery) {
        this.context = context;
        this.machine = machine;
        this.keeper = keeper;
        this.delivery = delivery;
    }

    private long now() {
        return context.clock().millis();
    }

    private boolean isOn() {
        return !closed && delivery.isPresent() && machine.state().standing() == Standing.ACTIVE;
    }

    /** The chain moved, or the subscription was changed. */
    void wake() {
        dry = false;
        push();
    }

    void tick(long now) {
        if (wakeAt <= now) {
            wakeAt = Long.MAX_VALUE;
            push();
        }
    }

    private void push() {
        if (looping || reading) {
            again = true;
            return;
        }
        looping = true;
        do {
            again = false;
            while (step()) {
                // Until there is nothing to do at present.
            }
        } while (again && !reading);
        looping = false;
    }

    /** Begins one more delivery or reads on; whether there may be more to do. */
    private boolean step() {
        int parallel = delivery.map(by -> Math.min(
                        by.parallelMax(), machine.subscription().deliver().parallel()))
                .orElse(0);
        boolean old = underWay > 0 && generation != machine.state().generation();
        if (!isOn() || reading || underWay >= parallel || old) {
            return false;
        }
        long now = now();
        if (pushAfter > now) {
            wakeAt = pushAfter;
            return false;
        }
        Next next = machine.offer(HOLDER, machine.subscription().deliver().batch(), now);
        wakeAt = machine.due(now);
        if (next instanceof Next.Ready ready) {
            offer(ready.batch());
            return true;
        }
        if (next instanceof Next.Read read && !dry) {
            read(read);
        }
        return false;
    }

    private void read(Next.Read read) {
        reading = true;
        context.read(machine.subscription(), read)
                .onSuccess(came -> taken(machine.take(read, came)))
                .onFailure(this::postponed);
    }

    private void taken(Taken taken) {
        keeper.store(taken.sync())
                .onSuccess(stored -> {
                    reading = false;
                    dry = taken instanceof Taken.Nothing && !again;
                    if (taken instanceof Taken.Ready ready) {
                        offer(ready.batch());
                    } else if (again || taken instanceof Taken.Again) {
                        push();
                    }
                })
                .onFailure(this::postponed);
    }

    /** What cannot be read or stored now is no fault of the subscription: it is tried again soon. */
    private void postponed(Throwable cause) {
        LOG.debug("the subscription {} waits: {}", machine.subscription().name(), cause.toString());
        reading = false;
        pushAfter = now() + READ_RETRY_MILLIS;
        wakeAt = pushAfter;
    }

    private void offer(Batch batch) {
        underWay++;
        generation = batch.generation();
        offer(batch.events(), machine.attempts(batch))
                .otherwise(cause -> Delivery.Outcome.retry(cause.toString(), Optional.empty()))
                .onSuccess(came -> offered(came, batch));
    }

    /** Offers events; what becomes of it is for the caller to see to. */
    Future<Delivery.Outcome> offer(List<SubscribedEvent> events, long attempt) {
        try {
            return delivery.orElseThrow()
                    .offer(new Delivery.Offer(machine.subscription(), events, attempt, machine.secrets(now())));
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    boolean delivers() {
        return delivery.isPresent();
    }

    private void offered(Delivery.Outcome outcome, Batch batch) {
        if (closed) {
            return;
        }
        Standing before = machine.state().standing();
        Changed changed = machine.outcome(outcome, batch, context.chance().getAsDouble(), now());
        if (machine.state().dead() > context.limits().deadMax()) {
            machine.disable("there are more than " + context.limits().deadMax() + " dead letters");
        }
        tellDisabled(before);
        keeper.apply(changed)
                .onSuccess(stored -> {
                    underWay--;
                    push();
                })
                .onFailure(cause -> {
                    underWay--;
                    postponed(cause);
                });
    }

    private void tellDisabled(Standing before) {
        SubscriptionState state = machine.state();
        if (state.standing() == Standing.DISABLED && before != Standing.DISABLED) {
            Subscription subscription = machine.subscription();
            String error = state.lastError().orElse("");
            LOG.error("the subscription {} was disabled: {}", subscription.name(), error);
            context.bus()
                    .tell(
                            Catalogue.SUBSCRIPTION_DISABLED,
                            new SubscriptionDisabled(subscription.chain(), subscription.name(), error));
        }
    }

    /** Delivers in another way from now on. */
    void deliverBy(Optional<Delivery> other) {
        delivery.ifPresent(Delivery::close);
        delivery = other;
    }

    void close() {
        closed = true;
        delivery.ifPresent(Delivery::close);
    }
}
