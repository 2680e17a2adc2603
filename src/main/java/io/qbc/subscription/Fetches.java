package io.qbc.subscription;

import io.qbc.bus.Catalogue.FetchEvents;
import io.qbc.bus.Catalogue.FetchedEvents;
import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Taken;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The fetches of one subscription's consumers, which wait for events. Used on one context. */
final class Fetches {
    private static final int READS_MAX = 200;
    private static final String NAMELESS = "~";

    private final RunnerContext context;
    private final SubscriptionMachine machine;
    private final StateKeeper keeper;
    /** By their holders; one alone where the order is that of the chain. */
    private final Map<String, Waiter> waiters = new LinkedHashMap<>();

    private long anonymous;
    /** Whether the chain moved while it was read. */
    private boolean missed;
    /** Whether the chain is read for one of several consumers; the others get their share of it then. */
    private boolean reading;
    /** Whether the chain was read to its end, and did not move since. */
    private boolean dry;

    Fetches(RunnerContext context, SubscriptionMachine machine, StateKeeper keeper) {
        this.context = context;
        this.machine = machine;
        this.keeper = keeper;
    }

    /** A fetch that has no answer yet. */
    private static final class Waiter {
        private final FetchEvents wanted;
        private final String holder;
        private final long deadline;
        private final Promise<FetchedEvents> answer = Promise.promise();
        private boolean parked;
        private boolean again;
        private int reads;

        Waiter(FetchEvents wanted, String holder, long deadline) {
            this.wanted = wanted;
            this.holder = holder;
            this.deadline = deadline;
        }
    }

    private long now() {
        return context.clock().millis();
    }

    private String kind() {
        return machine.subscription().deliver().kind().name().toLowerCase(Locale.ROOT);
    }

    /** Fails where the node delivers by itself. */
    void requirePulled() {
        if (machine.subscription().deliver().kind().pushes()) {
            throw new Failure(Reason.SUBSCRIPTION_KIND, "the node delivers by itself: " + kind());
        }
    }

    /** Whether a holder is a consumer that gave no name. */
    static boolean isNameless(String holder) {
        return holder.startsWith(NAMELESS);
    }

    Future<FetchedEvents> fetch(FetchEvents wanted) {
        requirePulled();
        if (machine.isKeyed() && wanted.holder().isEmpty()) {
            return Future.failedFuture(new Failure(
                    Reason.REQUEST_INVALID, "consumers share the subscription, so each needs a name; add consumer"));
        }
        long wait = Math.min(wanted.waitMillis(), context.waitMax().toMillis());
        String holder = wanted.holder().orElseGet(() -> NAMELESS + ++anonymous);
        Waiter next = new Waiter(wanted, holder, now() + wait);
        if (machine.isKeyed()) {
            replace(next);
        }
        attempt(next);
        return next.answer.future();
    }

    private void attempt(Waiter of) {
        if (of.answer.future().isComplete()) {
            return;
        }
        if (reading) {
            of.again = true;
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
        replace(of);
        if (next instanceof Next.Full full) {
            idle(of, full.offset(), full.generation());
        } else if (next instanceof Next.Ready ready) {
            answer(of, ready.batch());
        } else if (next instanceof Next.Read read && of.parked && dry) {
            idle(of, read.from().leaf(), read.generation());
        } else if (next instanceof Next.Read read) {
            read(of, read);
        }
    }

    private void read(Waiter of, Next.Read read) {
        reading = machine.isKeyed();
        context.read(machine.subscription(), read)
                .onSuccess(came -> taken(of, machine.take(read, came)))
                .onFailure(cause -> {
                    if (!machine.isKeyed()) {
                        machine.release(of.holder);
                    }
                    fail(of, cause);
                });
    }

    private void fail(Waiter of, Throwable cause) {
        end(of);
        of.answer.tryFail(cause);
        others(false);
    }

    /** The chain's order lets one fetch in at a time; the same consumer's next one is in place of its last. */
    private void replace(Waiter of) {
        List<Waiter> before = waiters.values().stream()
                .filter(other -> other != of && (!machine.isKeyed() || other.holder.equals(of.holder)))
                .toList();
        for (Waiter other : before) {
            end(other);
            other.answer.tryComplete(
                    nothing(machine.state().offset().leaf(), machine.state().generation()));
        }
        waiters.put(of.holder, of);
    }

    private void taken(Waiter of, Taken taken) {
        keeper.store(taken.sync())
                .onSuccess(stored -> {
                    reading = false;
                    dry = taken instanceof Taken.Nothing && !missed;
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
                    others(!(taken instanceof Taken.Nothing));
                })
                .onFailure(cause -> fail(of, cause));
    }

    /** Those that had to let another one read, and those that wait where there is more now. */
    private void others(boolean more) {
        if (!machine.isKeyed()) {
            return;
        }
        reading = false;
        for (Waiter other : List.copyOf(waiters.values())) {
            if (other.again || (more && other.parked)) {
                other.again = false;
                attempt(other);
            }
        }
    }

    private void answer(Waiter of, Batch batch) {
        end(of);
        of.answer.tryComplete(new FetchedEvents(
                kind(),
                batch.events(),
                batch.offset(),
                batch.generation(),
                machine.subscription().data(),
                batch.more(),
                machine.isKeyed()));
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
            giveBack(of);
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
                giveBack(of);
            }
            of.answer.tryComplete(nothing(offset, generation));
        }
    }

    /** Where consumers share, one keeps what it was given before. */
    private void giveBack(Waiter of) {
        if (!machine.isKeyed()) {
            machine.release(of.holder);
        }
    }

    /** A consumer gave back what it has, and waits for nothing any more. */
    void leave(Optional<String> holder) {
        for (Waiter of : List.copyOf(waiters.values())) {
            if (holder.map(of.holder::equals).orElse(isNameless(of.holder))) {
                end(of);
                of.answer.tryComplete(
                        nothing(machine.state().offset().leaf(), machine.state().generation()));
            }
        }
    }

    private FetchedEvents nothing(long offset, long generation) {
        return new FetchedEvents(
                kind(), List.of(), offset, generation, machine.subscription().data(), false, machine.isKeyed());
    }

    private void end(Waiter of) {
        if (of.parked) {
            of.parked = false;
            context.waiting().decrementAndGet();
        }
        waiters.remove(of.holder, of);
    }

    /** The chain moved, or the subscription was changed, or events were acknowledged. */
    void wake() {
        missed = true;
        dry = false;
        List.copyOf(waiters.values()).stream().filter(of -> of.parked).forEach(this::attempt);
    }

    void tick(long now) {
        for (Waiter of : List.copyOf(waiters.values())) {
            if (of.parked && now >= of.deadline) {
                idle(of, machine.state().offset().leaf(), machine.state().generation());
            }
        }
        if (machine.expire(now)) {
            wake();
        }
    }

    void close(Reason why, String detail) {
        for (Waiter of : List.copyOf(waiters.values())) {
            end(of);
            of.answer.tryFail(new Failure(why, detail));
        }
    }
}
