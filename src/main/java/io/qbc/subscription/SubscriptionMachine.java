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
import io.qbc.subscription.SubscriptionState.Replay;
import io.qbc.subscription.SubscriptionState.Revert;
import io.qbc.subscription.SubscriptionState.Secret;
import io.qbc.subscription.SubscriptionState.Standing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides for one subscription what is given out, what an acknowledgement moves, and what is to be stored. Plain: what
 * was read and the time come in, decisions go out.
 */
public final class SubscriptionMachine {
    static final long LEASE_MILLIS = 30_000;
    private static final long ROTATION_MILLIS = Duration.ofDays(1).toMillis();

    private Subscription subscription;
    private SubscriptionState state;
    private Optional<Lease> lease = Optional.empty();
    /** What was given out and is not acknowledged, in order. */
    private final Deque<Flight> flights = new ArrayDeque<>();

    private record Lease(String holder, long until) {}

    /** An event that is on its way, and the position after it and what the filter leaves out behind it. */
    private record Flight(SubscribedEvent event, Position after) {}

    /** When a change is to be stored: before anything is told of it, or within a second. */
    public enum Sync {
        NONE,
        LATER,
        NOW
    }

    /** What is to be done for a consumer that wants more. */
    public sealed interface Next {
        /** It may not. */
        record Refused(Refusal refusal) implements Next {}

        /** As much is on its way as may be. */
        record Full(long offset, long generation) implements Next {}

        /** These are to be given out. */
        record Ready(Batch batch) implements Next {}

        /**
         * The chain is to be read, and then {@link SubscriptionMachine#take} asked.
         *
         * @param check a position that must be on the chain still, before that
         */
        record Read(String holder, Position from, Optional<Position> check, int countMax, long generation)
                implements Next {}
    }

    /** What came of reading. */
    public sealed interface Taken {
        Sync sync();

        /** These are to be given out. */
        record Ready(Batch batch, Sync sync) implements Taken {}

        /** It is to be asked again at once, as the place moved. */
        record Again(Sync sync) implements Taken {}

        /** There is nothing at present. */
        record Nothing(long offset, long generation, Sync sync) implements Taken {}
    }

    /**
     * Events in order.
     *
     * @param offset what to commit once all of them were taken
     */
    public record Batch(List<SubscribedEvent> events, long offset, long generation, boolean more) {
        public Batch {
            events = List.copyOf(events);
        }
    }

    /** What came of a change: why not, or when to store it, with what is to be put aside as dead letters. */
    public record Changed(Optional<Refusal> refusal, Sync sync, List<DeadLetter> dead) {
        static final Changed NOTHING = new Changed(Optional.empty(), Sync.NONE, List.of());
        static final Changed LATER = new Changed(Optional.empty(), Sync.LATER, List.of());
        static final Changed NOW = new Changed(Optional.empty(), Sync.NOW, List.of());

        static Changed refused(Reason reason, String detail) {
            return new Changed(Optional.of(reason.refusal(detail)), Sync.NONE, List.of());
        }
    }

    public SubscriptionMachine(Subscription subscription, SubscriptionState state) {
        this.subscription = subscription;
        this.state = state;
    }

    public Subscription subscription() {
        return subscription;
    }

    public SubscriptionState state() {
        return state;
    }

    /** Who has the lease. */
    public Optional<String> holder(long now) {
        return lease.filter(held -> held.until() > now).map(Lease::holder);
    }

    /** Where it reads on once all that is on its way is acknowledged. */
    private Position ahead() {
        return flights.isEmpty() ? place() : flights.getLast().after();
    }

    /** All before it is acknowledged, of a replay if one is under way. */
    private Position place() {
        return state.replay().map(Replay::next).orElse(state.offset());
    }

    /** What a consumer gets that asks for so many events. */
    public Next next(String holder, Optional<AheadPlace> from, int countMax, long now) {
        Optional<Refusal> refusal = refusal(holder, now);
        if (refusal.isPresent()) {
            return new Next.Refused(refusal.get());
        }
        lease = Optional.of(new Lease(holder, now + LEASE_MILLIS));
        boolean onward = from.filter(place -> place.generation() == state.generation()
                        && !flights.isEmpty()
                        && place.offset() >= flights.getLast().event().next())
                .isPresent();
        if (!onward) {
            flights.clear();
        }
        if (state.revert().isPresent()) {
            return onward ? full() : new Next.Ready(revert());
        }
        int room = Math.min(countMax, subscription.ahead() - flights.size());
        boolean replayed =
                state.replay().filter(under -> ahead().leaf() >= under.end()).isPresent();
        if (room <= 0 || replayed) {
            return full();
        }
        Optional<Position> check = state.offered().filter(offered -> offered.leaf() > ahead().leaf());
        return new Next.Read(holder, ahead(), check, room, state.generation());
    }

    private Next full() {
        return new Next.Full(ahead().leaf(), state.generation());
    }

    private Optional<Refusal> refusal(String holder, long now) {
        if (state.standing() != Standing.ACTIVE) {
            return Optional.of(Reason.SUBSCRIPTION_PAUSED.refusal("the subscription is " + state.word()));
        }
        return leased(holder, now);
    }

    private Optional<Refusal> leased(String holder, long now) {
        return lease.filter(held -> held.until() > now && !held.holder().equals(holder))
                .map(held -> Reason.SUBSCRIPTION_LEASED.refusal(
                        "another consumer has the subscription for " + (held.until() - now + 999) / 1000 + " s"));
    }

    private Batch revert() {
        Revert revert = state.revert().orElseThrow();
        Position ancestor = revert.ancestor();
        SubscribedEvent event = new SubscribedEvent(
                "reverted-" + revert.number(),
                true,
                ancestor.leaf(),
                ancestor.leaf(),
                ancestor.height(),
                ancestor.quant(),
                0,
                ancestor.leaf(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty());
        flights.add(new Flight(event, ancestor));
        return new Batch(List.of(event), ancestor.leaf(), state.generation(), true);
    }

    /** Takes what was read for {@link #next}. */
    public Taken take(Next.Read asked, Reading reading) {
        boolean stale = asked.generation() != state.generation()
                || state.standing() != Standing.ACTIVE
                || !asked.from().equals(ahead())
                || lease.filter(held -> held.holder().equals(asked.holder())).isEmpty();
        if (stale) {
            return new Taken.Again(Sync.NONE);
        }
        if (reading instanceof Reading.Reverted reverted) {
            revert(asked, reverted.ancestor());
            return new Taken.Again(Sync.NOW);
        }
        return take((Reading.Leaves) reading);
    }

    private void revert(Next.Read asked, Position ancestor) {
        Position given = asked.check().orElse(asked.from());
        boolean undone = ancestor.leaf() < given.leaf();
        Optional<Replay> replay = state.replay()
                .map(under -> new Replay(lower(under.next(), ancestor), Math.max(under.end(), ancestor.leaf())));
        Optional<Revert> revert = undone ? Optional.of(new Revert(ancestor, state.generation())) : Optional.empty();
        flights.clear();
        state = with(state)
                .offset(lower(state.offset(), ancestor))
                .replay(replay)
                .offered(state.offered().map(offered -> lower(offered, ancestor)))
                .revert(revert)
                .generation(state.generation() + 1)
                .triedEnd(0)
                .made();
    }

    /** Of two positions the one before; at the same leaf the one that is known to be on the chain. */
    private static Position lower(Position at, Position ancestor) {
        return at.leaf() < ancestor.leaf() && at.height() <= ancestor.height() ? at : ancestor;
    }

    private Taken take(Reading.Leaves leaves) {
        // What was tried in vain is offered again as it was, so that the receiver knows it by its id.
        long tried = state.triedEnd() > ahead().leaf() ? state.triedEnd() : Long.MAX_VALUE;
        long end = Math.min(tried, state.replay().map(Replay::end).orElse(Long.MAX_VALUE));
        Position before = place();
        Position next = ahead();
        List<SubscribedEvent> events = new ArrayList<>();
        for (Leaf leaf : leaves.leaves()) {
            if (leaf.index() >= end) {
                break;
            }
            next = new Position(leaf.index() + 1, leaf.height(), leaf.quant());
            if (subscription.filter().matches(leaf)) {
                SubscribedEvent event = event(leaf);
                events.add(event);
                flights.add(new Flight(event, next));
            } else {
                pass(next);
            }
        }
        if (next.leaf() < end) {
            next = leaves.next();
            pass(next);
        }
        boolean more = leaves.more() || next.leaf() >= end;
        if (events.isEmpty()) {
            return passed(before, next, more);
        }
        boolean head = subscription.extent().head();
        if (state.offered().filter(given -> given.leaf() >= ahead().leaf()).isEmpty()) {
            state = with(state).offered(Optional.of(ahead())).made();
        }
        return new Taken.Ready(new Batch(events, next.leaf(), state.generation(), more), head ? Sync.NOW : Sync.NONE);
    }

    /** Passes what the filter leaves out: it needs no acknowledgement of its own. */
    private void pass(Position to) {
        if (flights.isEmpty()) {
            move(to);
        } else {
            Flight last = flights.removeLast();
            flights.add(new Flight(last.event(), to));
        }
    }

    private Taken passed(Position before, Position next, boolean more) {
        // Quants without transactions are read again after a restart, which costs less than to store each of them.
        boolean moved = place().leaf() > before.leaf();
        boolean ended = endReplay();
        if (ended || more) {
            return new Taken.Again(ended ? Sync.NOW : moved ? Sync.LATER : Sync.NONE);
        }
        return new Taken.Nothing(next.leaf(), state.generation(), moved ? Sync.LATER : Sync.NONE);
    }

    private void move(Position to) {
        state = state.replay().isPresent()
                ? with(state)
                        .replay(state.replay().map(under -> new Replay(to, under.end())))
                        .made()
                : with(state).offset(to).made();
    }

    /** Goes on from the offset once a replay is through. */
    private boolean endReplay() {
        boolean through = flights.isEmpty()
                && state.replay()
                        .filter(under -> under.next().leaf() >= under.end())
                        .isPresent();
        if (through) {
            state = with(state)
                    .replay(Optional.empty())
                    .generation(state.generation() + 1)
                    .made();
        }
        return through;
    }

    SubscribedEvent event(Leaf leaf) {
        String id = subscription.extent().head()
                ? leaf.index() + "-" + leaf.quant().hex().substring(0, 16)
                : Long.toString(leaf.index());
        return new SubscribedEvent(
                id,
                false,
                leaf.index(),
                leaf.index() + 1,
                leaf.height(),
                leaf.quant(),
                leaf.quantTime(),
                leaf.treeSize(),
                Optional.of(leaf.id()),
                Optional.of(leaf.body()),
                subscription.data() ? leaf.payload() : Optional.empty());
    }

    /** Acknowledges all events that are on their way below an offset. */
    public Changed commit(Optional<String> holder, long offset, OptionalLong generation, long now) {
        if (generation.isPresent() && generation.getAsLong() != state.generation()) {
            return Changed.refused(Reason.SUBSCRIPTION_MOVED, "the place was moved since these events were fetched");
        }
        Optional<Refusal> leased = holder.flatMap(name -> leased(name, now));
        if (leased.isPresent()) {
            return new Changed(leased, Sync.NONE, List.of());
        }
        if (state.revert().isPresent()) {
            return commitRevert(offset, holder, now);
        }
        if (offset == place().leaf() && (flights.isEmpty() || generation.isPresent())) {
            // The answer to the same commit was lost.
            return Changed.NOW;
        }
        if (flights.isEmpty() || offset < flights.getFirst().event().next() || offset > ahead().leaf()) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET,
                    "the offset is " + place().leaf() + ", and "
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
        Position to = place();
        boolean revert = false;
        for (int i = 0; i < taken; i++) {
            Flight flight = flights.remove();
            revert |= flight.event().reverted();
            to = flight.after();
        }
        if (revert) {
            state = with(state).revert(Optional.empty()).made();
        } else {
            move(to);
        }
        state = with(state)
                .acknowledged(state.acknowledged() + taken)
                .attempts(0)
                .triedEnd(0)
                .nextAttempt(0)
                .lastError(Optional.empty())
                .made();
        endReplay();
    }

    /** A consumer with a name keeps its lease; one without has done what it came for. */
    private void renew(Optional<String> holder, long now) {
        if (holder.isPresent()) {
            lease = Optional.of(new Lease(holder.get(), now + LEASE_MILLIS));
        } else if (flights.isEmpty()) {
            lease = Optional.empty();
        }
    }

    /** Gives a lease back; what it was for is given out again. */
    public Changed release(String holder) {
        if (lease.filter(held -> held.holder().equals(holder)).isPresent()) {
            lease = Optional.empty();
            flights.clear();
        }
        return Changed.NOTHING;
    }

    /**
     * What became of an offer of all that is on its way.
     *
     * @param generation that the events were taken with; what is of an older one is void
     * @param chance 0 to 1, for the spread of attempts
     */
    public Changed outcome(Delivery.Outcome outcome, long generation, double chance, long now) {
        if (generation != state.generation()) {
            return Changed.NOTHING;
        }
        acknowledge(Math.min(outcome.taken(), flights.size()));
        if (outcome.then() instanceof Then.Retry retry) {
            return failed(retry, chance, now);
        }
        if (outcome.then() instanceof Then.Disable disable) {
            disable(disable.reason());
            return Changed.NOW;
        }
        return Changed.LATER;
    }

    private Changed failed(Then.Retry retry, double chance, long now) {
        List<Duration> schedule = subscription.deliver().retry();
        long attempts = state.attempts() + 1;
        long end = flights.isEmpty() ? 0 : flights.getLast().event().next();
        state = with(state).triedEnd(end).made();
        if (attempts > schedule.size()) {
            return givenUp(retry.reason(), attempts, now);
        }
        flights.clear();
        long wait = schedule.get((int) attempts - 1).toMillis();
        long spread = wait + (long) (chance * 0.2 * wait);
        long least = retry.after().map(Duration::toMillis).orElse(0L);
        state = with(state)
                .attempts(attempts)
                .nextAttempt(now + Math.max(spread, least))
                .lastError(Optional.of(retry.reason()))
                .made();
        return Changed.NOW;
    }

    private Changed givenUp(String reason, long attempts, long now) {
        if (subscription.deliver().onFailure() == OnFailure.STOP || flights.isEmpty()) {
            disable("given up after " + attempts + " attempts: " + reason);
            return Changed.NOW;
        }
        List<DeadLetter> letters = new ArrayList<>();
        long number = state.deadNext();
        for (Flight flight : flights) {
            SubscribedEvent event = flight.event();
            letters.add(
                    new DeadLetter(number++, event.id(), event.index(), event.transaction(), attempts, reason, now));
        }
        long acknowledged = state.acknowledged();
        acknowledge(flights.size());
        state = with(state)
                .acknowledged(acknowledged)
                .lastError(Optional.of("given up after " + attempts + " attempts: " + reason))
                .dead(number, state.dead() + letters.size())
                .made();
        return new Changed(Optional.empty(), Sync.NOW, letters);
    }

    /** Stops it until somebody resumes it. */
    public void disable(String reason) {
        state = with(state)
                .standing(Standing.DISABLED)
                .nextAttempt(0)
                .lastError(Optional.of(reason))
                .made();
    }

    public Changed pause() {
        state = with(state).standing(Standing.PAUSED).made();
        return Changed.NOW;
    }

    /** Lets it go on, with its first attempt at once. */
    public Changed resume() {
        state = with(state).standing(Standing.ACTIVE).attempts(0).nextAttempt(0).made();
        return Changed.NOW;
    }

    /** Goes on from another place; what is on its way is void. */
    public Changed seek(Position to) {
        flights.clear();
        state = with(state)
                .offset(to)
                .replay(Optional.empty())
                .offered(Optional.empty())
                .revert(Optional.empty())
                .generation(state.generation() + 1)
                .attempts(0)
                .nextAttempt(0)
                .triedEnd(0)
                .made();
        return Changed.NOW;
    }

    /** Delivers a range once more, and then goes on from the offset. */
    public Changed replay(Position from, long end) {
        if (state.offset().leaf() < end) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET,
                    "only what is acknowledged can be replayed, and the offset is "
                            + state.offset().leaf());
        }
        flights.clear();
        state = with(state)
                .replay(Optional.of(new Replay(from, end)))
                .generation(state.generation() + 1)
                .attempts(0)
                .nextAttempt(0)
                .triedEnd(0)
                .made();
        return Changed.NOW;
    }

    /** Makes this the secret; the one before counts for a day more. */
    public Changed rotate(String secret, long now) {
        List<Secret> secrets = new ArrayList<>(List.of(new Secret(secret, Long.MAX_VALUE)));
        state.secrets().stream()
                .filter(before -> before.until() == Long.MAX_VALUE)
                .findFirst()
                .ifPresent(before -> secrets.add(new Secret(before.text(), now + ROTATION_MILLIS)));
        state = with(state).secrets(secrets).made();
        return Changed.NOW;
    }

    /** The secrets that count, the newest first. */
    public List<String> secrets(long now) {
        return state.secrets().stream()
                .filter(secret -> secret.until() > now)
                .map(Secret::text)
                .toList();
    }

    /** Does something else from now on, from the same place. */
    public Changed change(Subscription to) {
        flights.clear();
        subscription = to;
        state = with(state)
                .generation(state.generation() + 1)
                .attempts(0)
                .nextAttempt(0)
                .triedEnd(0)
                .made();
        return Changed.NOW;
    }

    /** A dead letter was taken after all. */
    public Changed revived() {
        state = with(state)
                .dead(state.deadNext(), Math.max(0, state.dead() - 1))
                .made();
        return Changed.NOW;
    }

    private static StateBuilder with(SubscriptionState state) {
        return new StateBuilder(state);
    }
}
