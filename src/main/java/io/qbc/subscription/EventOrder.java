package io.qbc.subscription;

import io.qbc.bus.Catalogue.AheadPlace;
import io.qbc.follow.Reading;
import io.qbc.model.Refusal;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Taken;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** In what order a subscription's events are given out, to whom, and what an acknowledgement moves. */
interface EventOrder {
    long LEASE_MILLIS = 30_000;

    /** What a consumer gets that asks for so many events. */
    Next next(String holder, Optional<AheadPlace> from, int countMax, long now);

    /** What the node delivers by itself next, so many events of one delivery at most. */
    Next offer(String holder, int countMax, long now);

    /** Takes what was read for {@link #next} or {@link #offer}. */
    Taken take(Next.Read asked, Reading reading);

    /** Acknowledges all events below an offset that its consumer has. */
    Changed commit(Optional<String> holder, long offset, OptionalLong generation, long now);

    /** Acknowledges events by their ids. */
    Changed acknowledge(Optional<String> holder, List<String> events, OptionalLong generation, long now);

    /** Gives back what a consumer has; it is given out again. */
    void release(String holder);

    /**
     * Gives back what a consumer asks to; what it does not have is passed over, as the answer to the first time may be
     * lost. Answers why not.
     *
     * @param holder empty for a consumer without a name
     * @param events whose keys alone, where consumers share the events
     */
    Optional<Refusal> release(Optional<String> holder, Optional<List<String>> events);

    /** Gives back what consumers have whose leases are over; whether there was any. */
    boolean expire(long now);

    /** What became of an offer. */
    Changed outcome(Delivery.Outcome outcome, Batch batch, double chance, long now);

    /** What is on its way is void. */
    void clear();

    /** Who has events at present. */
    List<String> consumers(long now);

    /** How often what is offered was offered in vain. */
    long attempts(Batch batch);

    /** When the next delivery may be made; {@link Long#MAX_VALUE} where nothing waits for its time. */
    long due(long now);
}
