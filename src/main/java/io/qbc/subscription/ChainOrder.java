package io.qbc.subscription;

import io.qbc.bus.Catalogue.AheadPlace;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.follow.Reading;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.subscription.Delivery.Then;
import io.qbc.subscription.Subscription.OnFailure;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.qbc.subscription.SubscriptionMachine.Taken;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The order of the chain: one consumer at a time, and an acknowledgement is for all events up to a place. */
final class ChainOrder implements EventOrder {
    private final SubscriptionPlace place;
    private final long bytesMax;
    private Optional<Lease> lease = Optional.empty();
    /** What was given out and is not acknowledged, in order. */
    private final Deque<Flight> flights = new ArrayDeque<>();

    private record Lease(String holder, long until) {}

    /** An event that is on its way, and the position after it and what the filter leaves out behind it. */
    private record Flight(SubscribedEvent event, Position after) {}

    ChainOrder(SubscriptionPlace place, long bytesMax) {
        this.place = place;
        this.bytesMax = bytesMax;
    }

    private SubscriptionState state() {
        return place.state();
    }

    @Override
    public List<String> consumers(long now) {
        return lease.filter(held -> held.until() > now).map(Lease::holder).stream()
                .toList();
    }

    /** Where it reads on once all that is on its way is acknowledged. */
    private Position ahead() {
        return flights.isEmpty() ? place.at() : flights.getLast().after();
    }

    @Override
    public Next next(String holder, Optional<AheadPlace> from, int countMax, long now) {
        Optional<Refusal> refusal = refusal(holder, now);
        if (refusal.isPresent()) {
            return new Next.Refused(refusal.get());
        }
        lease = Optional.of(new Lease(holder, now + LEASE_MILLIS));
        boolean onward = from.filter(at -> at.generation() == state().generation()
                        && !flights.isEmpty()
                        && at.offset() >= flights.getLast().event().next())
                .isPresent();
        if (!onward) {
            flights.clear();
        }
        if (state().revert().isPresent()) {
            return onward ? full() : new Next.Ready(revert());
        }
        int room = Math.min(countMax, place.subscription().ahead() - flights.size());
        if (room <= 0 || place.isReplayed(ahead()) || bytes() >= bytesMax) {
            return full();
        }
        return place.read(holder, ahead(), room);
    }

    private long bytes() {
        return flights.stream()
                .mapToLong(flight -> CloudEvents.bytesMax(flight.event(), true))
                .sum();
    }

    @Override
    public Next offer(String holder, int countMax, long now) {
        return state().nextAttempt() > now ? full() : next(holder, Optional.empty(), countMax, now);
    }

    private Next full() {
        return new Next.Full(ahead().leaf(), state().generation());
    }

    private Optional<Refusal> refusal(String holder, long now) {
        if (!place.isActive()) {
            return Optional.of(Reason.SUBSCRIPTION_PAUSED.refusal("the subscription is " + state().word()));
        }
        return leased(holder, now);
    }

    private Optional<Refusal> leased(String holder, long now) {
        return lease.filter(held -> held.until() > now && !held.holder().equals(holder))
                .map(held -> Reason.SUBSCRIPTION_LEASED.refusal(
                        "another consumer has the subscription for " + (held.until() - now + 999) / 1000 + " s"));
    }

    private Batch revert() {
        SubscribedEvent event = place.reverted();
        Position ancestor = state().revert().orElseThrow().ancestor();
        flights.add(new Flight(event, ancestor));
        return new Batch(List.of(event), ancestor.leaf(), state().generation(), true);
    }

    @Override
    public Taken take(Next.Read asked, Reading reading) {
        boolean stale = asked.generation() != state().generation()
                || !place.isActive()
                || !asked.from().equals(ahead())
                || lease.filter(held -> held.holder().equals(asked.holder())).isEmpty();
        if (stale) {
            return new Taken.Again(Sync.NONE);
        }
        if (reading instanceof Reading.Reverted reverted) {
            flights.clear();
            place.revert(asked, reverted.ancestor());
            return new Taken.Again(Sync.NOW);
        }
        return take((Reading.Leaves) reading);
    }

    private Taken take(Reading.Leaves leaves) {
        // What was tried in vain is offered again as it was, so that the receiver knows it by its id.
        long tried = state().triedEnd() > ahead().leaf() ? state().triedEnd() : Long.MAX_VALUE;
        long end = Math.min(tried, place.end());
        Position before = place.at();
        List<SubscribedEvent> events = new ArrayList<>();
        Position next = place.walk(ahead(), leaves, end, new SubscriptionPlace.Walk() {
            @Override
            public void event(Leaf leaf, Position after) {
                SubscribedEvent event = place.event(leaf);
                events.add(event);
                flights.add(new Flight(event, after));
            }

            @Override
            public void pass(Position to) {
                passOver(to);
            }
        });
        boolean more = leaves.more() || next.leaf() >= end;
        if (events.isEmpty()) {
            return passed(before, next, more);
        }
        place.offered(ahead());
        boolean head = place.subscription().extent().head();
        return new Taken.Ready(new Batch(events, next.leaf(), state().generation(), more), head ? Sync.NOW : Sync.NONE);
    }

    /** Passes what the filter leaves out: it needs no acknowledgement of its own. */
    private void passOver(Position to) {
        if (flights.isEmpty()) {
            place.move(to);
        } else {
            Flight last = flights.removeLast();
            flights.add(new Flight(last.event(), to));
        }
    }

    private Taken passed(Position before, Position next, boolean more) {
        // Quants without transactions are read again after a restart, which costs less than to store each of them.
        boolean moved = place.at().leaf() > before.leaf();
        boolean ended = flights.isEmpty() && place.endReplay();
        if (ended || more) {
            return new Taken.Again(ended ? Sync.NOW : moved ? Sync.LATER : Sync.NONE);
        }
        return new Taken.Nothing(next.leaf(), state().generation(), moved ? Sync.LATER : Sync.NONE);
    }

    @Override
    public Changed commit(Optional<String> holder, long offset, OptionalLong generation, long now) {
        Optional<Refusal> leased = holder.flatMap(name -> leased(name, now));
        if (leased.isPresent()) {
            return new Changed(leased, Sync.NONE, List.of());
        }
        if (state().revert().isPresent()) {
            return commitRevert(offset, holder, now);
        }
        if (offset == place.at().leaf() && (flights.isEmpty() || generation.isPresent())) {
            // The answer to the same commit was lost.
            return Changed.NOW;
        }
        if (flights.isEmpty() || offset < flights.getFirst().event().next() || offset > ahead().leaf()) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET,
                    "the offset is " + place.at().leaf() + ", and "
                            + (flights.isEmpty()
                                    ? "nothing is on its way; fetch again"
                                    : "of what was fetched "
                                            + flights.getFirst().event().next() + " to " + ahead().leaf()
                                            + " can be committed"));
        }
        int taken = 0;
        for (Iterator<Flight> left = flights.iterator();
                left.hasNext() && left.next().event().next() <= offset; ) {
            taken++;
        }
        acknowledge(taken);
        renew(holder, now);
        return Changed.NOW;
    }

    private Changed commitRevert(long offset, Optional<String> holder, long now) {
        if (flights.isEmpty() || offset != flights.getFirst().event().next()) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET, "transactions were undone; fetch and commit that event first");
        }
        acknowledge(1);
        renew(holder, now);
        return Changed.NOW;
    }

    /** Takes events off what is on its way, from the first one on. */
    private void acknowledge(int taken) {
        if (taken == 0) {
            return;
        }
        Position to = place.at();
        boolean revert = false;
        for (int i = 0; i < taken; i++) {
            Flight flight = flights.remove();
            revert |= flight.event().reverted();
            to = flight.after();
        }
        if (revert) {
            place.set(place.with().revert(Optional.empty()));
        } else {
            place.move(to);
        }
        place.set(place.with()
                .acknowledged(state().acknowledged() + taken)
                .attempts(0)
                .triedEnd(0)
                .nextAttempt(0)
                .lastError(Optional.empty()));
        if (flights.isEmpty()) {
            place.endReplay();
        }
    }

    /** A consumer with a name keeps its lease; one without has done what it came for. */
    private void renew(Optional<String> holder, long now) {
        if (holder.isPresent()) {
            lease = Optional.of(new Lease(holder.get(), now + LEASE_MILLIS));
        } else if (flights.isEmpty()) {
            lease = Optional.empty();
        }
    }

    /** One event stands for all before it. */
    @Override
    public Changed acknowledge(Optional<String> holder, List<String> events, OptionalLong generation, long now) {
        return Changed.refused(
                Reason.SUBSCRIPTION_KIND,
                "events are acknowledged up to an offset where the order is chain; send the offset");
    }

    @Override
    public void release(String holder) {
        if (lease.filter(held -> held.holder().equals(holder)).isPresent()) {
            lease = Optional.empty();
            flights.clear();
        }
    }

    @Override
    public Optional<Refusal> release(Optional<String> holder, Optional<List<String>> events) {
        if (events.isPresent()) {
            return Optional.of(Reason.SUBSCRIPTION_KIND.refusal(
                    "where the order is chain one lease is for all events; leave events out"));
        }
        lease.map(Lease::holder)
                .filter(name -> holder.map(name::equals).orElse(Fetches.isNameless(name)))
                .ifPresent(this::release);
        return Optional.empty();
    }

    /** Whoever asks next takes over what a lease that is over was for. */
    @Override
    public boolean expire(long now) {
        return false;
    }

    @Override
    public void clear() {
        flights.clear();
    }

    @Override
    public long attempts(Batch batch) {
        return state().attempts();
    }

    @Override
    public long due(long now) {
        return state().nextAttempt() > now ? state().nextAttempt() : Long.MAX_VALUE;
    }

    @Override
    public Changed outcome(Delivery.Outcome outcome, Batch batch, double chance, long now) {
        acknowledge(Math.min(outcome.taken(), flights.size()));
        if (outcome.then() instanceof Then.Retry retry) {
            return failed(retry, chance, now);
        }
        if (outcome.then() instanceof Then.Disable disable) {
            place.disable(disable.reason());
            return Changed.NOW;
        }
        return Changed.LATER;
    }

    private Changed failed(Then.Retry retry, double chance, long now) {
        List<Duration> schedule = place.subscription().deliver().retry();
        long attempts = state().attempts() + 1;
        long end = flights.isEmpty() ? 0 : flights.getLast().event().next();
        place.set(place.with().triedEnd(end));
        if (attempts > schedule.size()) {
            return givenUp(retry.reason(), attempts, now);
        }
        flights.clear();
        long least = retry.after().map(Duration::toMillis).orElse(0L);
        place.set(place.with()
                .attempts(attempts)
                .failed(now)
                .nextAttempt(now + Math.max(Retry.spread(schedule, attempts, chance), least))
                .lastError(Optional.of(retry.reason())));
        return Changed.NOW;
    }

    private Changed givenUp(String reason, long attempts, long now) {
        if (place.subscription().deliver().onFailure() == OnFailure.STOP || flights.isEmpty()) {
            place.disable("given up after " + attempts + " attempts: " + reason);
            return Changed.NOW;
        }
        List<DeadLetter> letters = new ArrayList<>();
        long number = state().deadNext();
        for (Flight flight : flights) {
            SubscribedEvent event = flight.event();
            letters.add(
                    new DeadLetter(number++, event.id(), event.index(), event.transaction(), attempts, reason, now));
        }
        long acknowledged = state().acknowledged();
        acknowledge(flights.size());
        place.set(place.with()
                .acknowledged(acknowledged)
                .lastError(Optional.of("given up after " + attempts + " attempts: " + reason))
                .dead(number, state().dead() + letters.size()));
        return new Changed(Optional.empty(), Sync.NOW, letters);
    }
}
