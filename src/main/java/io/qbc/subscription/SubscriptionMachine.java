package io.qbc.subscription;

import io.qbc.bus.Catalogue.AheadPlace;
import io.qbc.bus.Catalogue.DeadLetter;
import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.follow.Reading;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.subscription.SubscriptionState.Replay;
import io.qbc.subscription.SubscriptionState.Secret;
import io.qbc.subscription.SubscriptionState.Standing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Decides for one subscription what is given out, what an acknowledgement moves, and what is to be stored. Plain: what
 * was read and the time come in, decisions go out.
 */
public final class SubscriptionMachine {
    private static final long ROTATION_MILLIS = Duration.ofDays(1).toMillis();
    private static final long AHEAD_BYTES = 8L << 20;

    private final SubscriptionPlace place;
    private final long bytesMax;
    private EventOrder order;

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
        this(subscription, state, AHEAD_BYTES);
    }

    /**
     * One instance.
     *
     * @param bytesMax about how many bytes of events may be on their way
     */
    SubscriptionMachine(Subscription subscription, SubscriptionState state, long bytesMax) {
        this.place = new SubscriptionPlace(subscription, state);
        this.bytesMax = bytesMax;
        this.order = order();
    }

    private EventOrder order() {
        return place.subscription()
                .keyBy()
                .<EventOrder>map(key -> new KeyOrder(place, key, bytesMax))
                .orElseGet(() -> new ChainOrder(place, bytesMax));
    }

    public Subscription subscription() {
        return place.subscription();
    }

    public SubscriptionState state() {
        return place.state();
    }

    /** Whether consumers share it, key by key. */
    boolean isKeyed() {
        return subscription().keyBy().isPresent();
    }

    /** Who has events, or the lease. */
    public List<String> consumers(long now) {
        return order.consumers(now);
    }

    /** What a consumer gets that asks for so many events. */
    public Next next(String holder, Optional<AheadPlace> from, int countMax, long now) {
        return order.next(holder, from, countMax, now);
    }

    /** What the node delivers by itself next. */
    Next offer(String holder, int countMax, long now) {
        return order.offer(holder, countMax, now);
    }

    /** Takes what was read for {@link #next}. */
    public Taken take(Next.Read asked, Reading reading) {
        return order.take(asked, reading);
    }

    SubscribedEvent event(Leaf leaf) {
        return place.event(leaf);
    }

    /** Acknowledges all events that are on their way below an offset. */
    public Changed commit(Optional<String> holder, long offset, OptionalLong generation, long now) {
        return isOld(generation) ? moved() : order.commit(holder, offset, generation, now);
    }

    /** Acknowledges events by their ids. */
    public Changed acknowledge(Optional<String> holder, List<String> events, OptionalLong generation, long now) {
        return isOld(generation) ? moved() : order.acknowledge(holder, events, generation, now);
    }

    private boolean isOld(OptionalLong generation) {
        return generation.isPresent() && generation.getAsLong() != state().generation();
    }

    private static Changed moved() {
        return Changed.refused(Reason.SUBSCRIPTION_MOVED, "the place was moved since these events were fetched");
    }

    /** Gives a lease back; what it was for is given out again. */
    public void release(String holder) {
        order.release(holder);
    }

    /** Gives back what a consumer asks to; see {@link EventOrder}. Answers why not. */
    public Optional<Refusal> release(Optional<String> holder, Optional<List<String>> events) {
        return order.release(holder, events);
    }

    /** Takes back what consumers have whose leases are over; whether there was any. */
    boolean expire(long now) {
        return order.expire(now);
    }

    /**
     * What became of an offer.
     *
     * @param batch what was offered; what is of an older generation is void
     * @param chance 0 to 1, for the spread of attempts
     */
    public Changed outcome(Delivery.Outcome outcome, Batch batch, double chance, long now) {
        return batch.generation() == state().generation()
                ? order.outcome(outcome, batch, chance, now)
                : Changed.NOTHING;
    }

    /** How often what is offered was offered in vain. */
    long attempts(Batch batch) {
        return order.attempts(batch);
    }

    /** When the next delivery may be made; {@link Long#MAX_VALUE} where none waits for its time. */
    long due(long now) {
        return order.due(now);
    }

    /** Stops it until somebody resumes it. */
    public void disable(String reason) {
        place.disable(reason);
    }

    public Changed pause() {
        place.set(place.with().standing(Standing.PAUSED));
        return Changed.NOW;
    }

    /** Lets it go on, with its first attempt at once. */
    public Changed resume() {
        place.set(untried().standing(Standing.ACTIVE));
        return Changed.NOW;
    }

    private StateBuilder untried() {
        return place.with().attempts(0).nextAttempt(0).retries(List.of());
    }

    /** Goes on from another place; what is on its way is void. */
    public Changed seek(Position to) {
        order.clear();
        place.set(untried()
                .offset(to)
                .replay(Optional.empty())
                .offered(Optional.empty())
                .revert(Optional.empty())
                .generation(state().generation() + 1)
                .beyond(LeafRanges.NONE)
                .triedEnd(0));
        return Changed.NOW;
    }

    /** Delivers a range once more, and then goes on from the offset. */
    public Changed replay(Position from, long end) {
        if (state().offset().leaf() < end) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET,
                    "only what is acknowledged can be replayed, and the offset is "
                            + state().offset().leaf());
        }
        order.clear();
        place.set(untried()
                .replay(Optional.of(new Replay(from, end)))
                .beyond(state().beyond().from(state().offset().leaf()))
                .generation(state().generation() + 1)
                .triedEnd(0));
        return Changed.NOW;
    }

    /** Makes this the secret; the one before counts for a day more. */
    public Changed rotate(String secret, long now) {
        List<Secret> secrets = new ArrayList<>(List.of(new Secret(secret, Long.MAX_VALUE)));
        state().secrets().stream()
                .filter(before -> before.until() == Long.MAX_VALUE)
                .findFirst()
                .ifPresent(before -> secrets.add(new Secret(before.text(), now + ROTATION_MILLIS)));
        place.set(place.with().secrets(secrets));
        return Changed.NOW;
    }

    /** The secrets that count, the newest first. */
    public List<String> secrets(long now) {
        return state().secrets().stream()
                .filter(secret -> secret.until() > now)
                .map(Secret::text)
                .toList();
    }

    /** Does something else from now on, from the same place. */
    public Changed change(Subscription to) {
        order.clear();
        boolean other = !to.keyBy().equals(subscription().keyBy());
        place.subscription(to);
        order = other ? order() : order;
        place.set(untried()
                .generation(state().generation() + 1)
                .beyond(isKeyed() ? state().beyond() : LeafRanges.NONE)
                .triedEnd(0));
        return Changed.NOW;
    }

    /** A dead letter was taken after all. */
    public Changed revived() {
        place.set(place.with().dead(state().deadNext(), Math.max(0, state().dead() - 1)));
        return Changed.NOW;
    }
}
