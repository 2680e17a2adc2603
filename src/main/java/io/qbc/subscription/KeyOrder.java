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
import io.qbc.subscription.KeyConsumers.Consumer;
import io.qbc.subscription.KeyQueue.Entry;
import io.qbc.subscription.Subscription.OnFailure;
import io.qbc.subscription.SubscriptionMachine.Batch;
import io.qbc.subscription.SubscriptionMachine.Changed;
import io.qbc.subscription.SubscriptionMachine.Next;
import io.qbc.subscription.SubscriptionMachine.Sync;
import io.qbc.subscription.SubscriptionMachine.Taken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * The order of each key: consumers share the events, one at a time has those of a key, and each event is acknowledged
 * by itself. The place moves over what is acknowledged in a row; the rest is noted behind it. What was undone is told
 * to one consumer before anybody gets anything else.
 */
final class KeyOrder implements EventOrder {
    private final SubscriptionPlace place;
    private final long bytesMax;
    private final KeyWindow window;
    private final KeyConsumers consumers;
    private final KeyRetries retries;

    KeyOrder(SubscriptionPlace place, EventKey keyBy, long bytesMax) {
        this.place = place;
        this.bytesMax = bytesMax;
        this.window = new KeyWindow(place, keyBy);
        this.consumers = new KeyConsumers(window);
        this.retries = new KeyRetries(place);
    }

    private SubscriptionState state() {
        return place.state();
    }

    @Override
    public List<String> consumers(long now) {
        return consumers.names(now);
    }

    // Giving out.

    @Override
    public Next next(String holder, Optional<AheadPlace> from, int countMax, long now) {
        Optional<Refusal> paused = paused();
        if (paused.isPresent()) {
            return new Next.Refused(paused.get());
        }
        consumers.expire(now);
        boolean onward =
                from.filter(at -> at.generation() == state().generation()).isPresent();
        Consumer consumer = consumers.seen(holder, now);
        if (!onward) {
            consumer.rewind();
        }
        if (state().revert().isPresent()) {
            return consumers.takeRevert(consumer, onward) ? new Next.Ready(revert()) : full();
        }
        List<Entry> given = give(consumer, countMax);
        if (given.isEmpty()) {
            consumers.forget(consumer);
            return onward(holder, countMax);
        }
        return new Next.Ready(batch(given));
    }

    /** What the consumer has and was not given since it began again, then more of its keys, then keys of nobody. */
    private List<Entry> give(Consumer consumer, int countMax) {
        List<Entry> given = new ArrayList<>();
        for (KeyQueue queue : List.copyOf(consumer.queues())) {
            given.addAll(window.give(queue, consumer.name(), countMax - given.size()));
        }
        while (given.size() < countMax && !window.free().isEmpty()) {
            KeyQueue queue = window.free().iterator().next();
            consumer.queues().add(queue);
            given.addAll(window.give(queue, consumer.name(), countMax - given.size()));
        }
        given.sort(Comparator.comparingLong(entry -> entry.event().index()));
        return given;
    }

    @Override
    public Next offer(String holder, int countMax, long now) {
        Optional<Refusal> paused = paused();
        if (paused.isPresent()) {
            return new Next.Refused(paused.get());
        }
        if (state().nextAttempt() > now) {
            return full();
        }
        if (state().revert().isPresent()) {
            boolean free = retries.due(KeyRetries.REVERT) <= now
                    && consumers.takeRevert(consumers.seen(holder, Long.MAX_VALUE), true);
            return free ? new Next.Ready(revert()) : full();
        }
        Optional<KeyQueue> ready = window.free().stream()
                .filter(queue -> retries.due(queue.firstLeaf()) <= now)
                .findFirst();
        return ready.<Next>map(queue -> new Next.Ready(batch(window.give(queue, holder, 1))))
                .orElseGet(() -> onward(holder, place.subscription().ahead()));
    }

    private Optional<Refusal> paused() {
        return place.isActive()
                ? Optional.empty()
                : Optional.of(Reason.SUBSCRIPTION_PAUSED.refusal("the subscription is " + state().word()));
    }

    private Next onward(String holder, int countMax) {
        int room = (int) Math.min(countMax, place.subscription().ahead() - window.count());
        return room <= 0 || window.bytes() >= bytesMax || place.isReplayed(window.ahead())
                ? full()
                : place.read(holder, window.ahead(), room);
    }

    private Next full() {
        return new Next.Full(window.ahead().leaf(), state().generation());
    }

    private Batch batch(List<Entry> given) {
        List<SubscribedEvent> events = given.stream().map(Entry::event).toList();
        return new Batch(events, events.get(events.size() - 1).next(), state().generation(), true);
    }

    private Batch revert() {
        SubscribedEvent event = place.reverted();
        return new Batch(List.of(event), event.next(), state().generation(), true);
    }

    @Override
    public Taken take(Next.Read asked, Reading reading) {
        boolean stale = asked.generation() != state().generation()
                || !place.isActive()
                || !asked.from().equals(window.ahead());
        if (stale) {
            return new Taken.Again(Sync.NONE);
        }
        if (reading instanceof Reading.Reverted reverted) {
            clear();
            place.revert(asked, reverted.ancestor());
            place.set(place.with().retries(List.of()).attempts(0));
            return new Taken.Again(Sync.NOW);
        }
        return take((Reading.Leaves) reading);
    }

    private Taken take(Reading.Leaves leaves) {
        Position before = place.at();
        long entries = window.count();
        Position next = place.walk(window.ahead(), leaves, place.end(), new SubscriptionPlace.Walk() {
            @Override
            public void event(Leaf leaf, Position after) {
                window.add(leaf, after);
            }

            @Override
            public void pass(Position to) {
                window.pass(to);
            }
        });
        boolean moved = place.at().leaf() > before.leaf();
        boolean ended = window.isEmpty() && place.endReplay();
        if (window.count() > entries) {
            place.offered(window.ahead());
            return new Taken.Again(place.subscription().extent().head() ? Sync.NOW : moved ? Sync.LATER : Sync.NONE);
        }
        if (ended || leaves.more() || next.leaf() >= place.end()) {
            return new Taken.Again(ended ? Sync.NOW : moved ? Sync.LATER : Sync.NONE);
        }
        return new Taken.Nothing(next.leaf(), state().generation(), moved ? Sync.LATER : Sync.NONE);
    }

    // Acknowledgements.

    @Override
    public Changed commit(Optional<String> holder, long offset, OptionalLong generation, long now) {
        if (holder.isEmpty()) {
            return new Changed(Optional.of(nameless()), Sync.NONE, List.of());
        }
        Optional<Consumer> consumer = consumers.find(holder.get());
        if (state().revert().isPresent()) {
            return offset == place.reverted().next() ? acknowledgeRevert(consumer) : revertFirst();
        }
        List<Entry> held = consumer.map(known -> KeyWindow.held(known.queues())).orElse(List.of()).stream()
                .filter(entry -> entry.event().next() <= offset)
                .toList();
        if (held.isEmpty()) {
            boolean repeated =
                    generation.isPresent() && offset <= window.ahead().leaf();
            return repeated
                    ? Changed.NOW
                    : Changed.refused(
                            Reason.SUBSCRIPTION_OFFSET,
                            "the consumer " + holder.get() + " has no event below " + offset + "; fetch again");
        }
        take(held);
        consumers.seen(holder.get(), now);
        return Changed.NOW;
    }

    @Override
    public Changed acknowledge(Optional<String> holder, List<String> events, OptionalLong generation, long now) {
        if (holder.isEmpty()) {
            return new Changed(Optional.of(nameless()), Sync.NONE, List.of());
        }
        if (state().revert().isPresent()) {
            return events.equals(List.of(place.reverted().id()))
                    ? acknowledgeRevert(consumers.find(holder.get()))
                    : revertFirst();
        }
        Set<Entry> entries =
                new TreeSet<>(Comparator.comparingLong(entry -> entry.event().index()));
        for (String id : events) {
            Optional<Entry> entry = window.find(id);
            Optional<Changed> problem = entry.map(known -> problem(known, holder.get(), now))
                    .orElseGet(() -> isAcknowledged(id) ? Optional.empty() : Optional.of(neverGiven(id)));
            if (problem.isPresent()) {
                return problem.get();
            }
            entry.ifPresent(entries::add);
        }
        Optional<Entry> early = entries.stream()
                .filter(entry -> !entry.queue()
                        .begins(entries.stream()
                                .filter(other -> other.queue() == entry.queue())
                                .toList()))
                .findFirst();
        if (early.isPresent()) {
            return Changed.refused(
                    Reason.SUBSCRIPTION_OFFSET,
                    "the event " + early.get().queue().first().event().id() + " has the key of "
                            + early.get().event().id() + " and comes before it; acknowledge it first");
        }
        take(entries);
        consumers.find(holder.get()).ifPresent(known -> consumers.seen(holder.get(), now));
        return Changed.NOW;
    }

    private static Refusal nameless() {
        return Reason.REQUEST_INVALID.refusal("consumers share the subscription, so each needs a name; add consumer");
    }

    private static Changed revertFirst() {
        return Changed.refused(
                Reason.SUBSCRIPTION_OFFSET, "transactions were undone; fetch and acknowledge that event first");
    }

    private static Changed neverGiven(String id) {
        return Changed.refused(Reason.SUBSCRIPTION_OFFSET, "the event " + id + " is not on its way; fetch again");
    }

    private Optional<Changed> problem(Entry entry, String holder, long now) {
        Optional<String> other = entry.queue().holder().filter(name -> !name.equals(holder));
        if (other.filter(name -> consumers.isLive(name, now)).isPresent()) {
            return Optional.of(Changed.refused(
                    Reason.SUBSCRIPTION_LEASED,
                    "another consumer has the event " + entry.event().id() + " now"));
        }
        return entry.isOffered()
                ? Optional.empty()
                : Optional.of(neverGiven(entry.event().id()));
    }

    /** Whether an answer to the same acknowledgement was lost. */
    private boolean isAcknowledged(String id) {
        String digits = id.contains("-") ? id.substring(0, id.indexOf('-')) : id;
        if (!digits.matches("[0-9]{1,16}")) {
            return false;
        }
        long leaf = Long.parseLong(digits);
        return leaf < place.at().leaf() || state().beyond().has(leaf);
    }

    private Changed acknowledgeRevert(Optional<Consumer> consumer) {
        if (consumer.filter(consumers::hasRevert).isEmpty()) {
            return revertFirst();
        }
        consumers.clear();
        retries.remove(KeyRetries.REVERT);
        place.set(place.with()
                .revert(Optional.empty())
                .acknowledged(state().acknowledged() + 1)
                .lastError(Optional.empty()));
        return Changed.NOW;
    }

    private void take(Iterable<Entry> entries) {
        long count = 0;
        for (Entry entry : entries) {
            Optional<Consumer> holder = entry.queue().holder().flatMap(consumers::find);
            window.acknowledge(entry);
            retries.remove(entry.event().index());
            holder.ifPresent(consumer -> consumer.settle(entry.queue()));
            count++;
        }
        place.set(place.with().acknowledged(state().acknowledged() + count));
        if (window.isEmpty()) {
            place.endReplay();
        }
    }

    @Override
    public void release(String holder) {
        consumers.release(holder);
    }

    /** An event's key is given back as a whole: what is behind it must not come before it. */
    @Override
    public Optional<Refusal> release(Optional<String> holder, Optional<List<String>> events) {
        if (holder.isEmpty()) {
            return Optional.of(nameless());
        }
        if (events.isEmpty()) {
            release(holder.get());
            return Optional.empty();
        }
        Optional<String> revert = state().revert().map(under -> place.reverted().id());
        Optional<String> unknown = events.get().stream()
                .filter(id -> window.find(id).isEmpty() && !isAcknowledged(id) && !revert.equals(Optional.of(id)))
                .findFirst();
        if (unknown.isPresent()) {
            return neverGiven(unknown.get()).refusal();
        }
        consumers.find(holder.get()).ifPresent(consumer -> {
            events.get().stream()
                    .map(window::find)
                    .flatMap(Optional::stream)
                    .map(Entry::queue)
                    .filter(consumer.queues()::contains)
                    .forEach(queue -> consumers.release(consumer, queue));
            if (revert.filter(events.get()::contains).isPresent() && consumers.hasRevert(consumer)) {
                consumers.clearRevert();
            }
            consumers.forget(consumer);
        });
        return Optional.empty();
    }

    @Override
    public boolean expire(long now) {
        return consumers.expire(now);
    }

    @Override
    public void clear() {
        window.clear();
        consumers.clear();
    }

    // Deliveries.

    @Override
    public long attempts(Batch batch) {
        SubscribedEvent event = batch.events().get(0);
        return retries.attempts(event.reverted() ? KeyRetries.REVERT : event.index());
    }

    @Override
    public long due(long now) {
        return state().nextAttempt() > now ? state().nextAttempt() : retries.next(now);
    }

    @Override
    public Changed outcome(Delivery.Outcome outcome, Batch batch, double chance, long now) {
        SubscribedEvent event = batch.events().get(0);
        if (outcome.taken() > 0) {
            taken(event);
        }
        if (outcome.then() instanceof Then.Disable disable) {
            giveBack(event);
            place.disable(disable.reason());
            return Changed.NOW;
        }
        if (outcome.then() instanceof Then.Retry retry) {
            return failed(event, retry, chance, now);
        }
        return Changed.LATER;
    }

    private void taken(SubscribedEvent event) {
        if (event.reverted()) {
            acknowledgeRevert(consumers.reverting());
        } else {
            window.find(event.id()).ifPresent(entry -> take(List.of(entry)));
        }
    }

    /** It can be offered again. */
    private void giveBack(SubscribedEvent event) {
        consumers.clearRevert();
        window.find(event.id()).ifPresent(entry -> window.release(entry.queue()));
    }

    private Changed failed(SubscribedEvent event, Then.Retry retry, double chance, long now) {
        List<Duration> schedule = place.subscription().deliver().retry();
        long leaf = event.reverted() ? KeyRetries.REVERT : event.index();
        long attempts = retries.attempts(leaf) + 1;
        if (attempts > schedule.size()) {
            return givenUp(event, retry.reason(), attempts, now);
        }
        giveBack(event);
        retries.put(new Retry(leaf, attempts, now + Retry.spread(schedule, attempts, chance)));
        // Who asks for a pause does so for all keys.
        long pause = retry.after().map(Duration::toMillis).orElse(0L);
        place.set(place.with()
                .nextAttempt(pause > 0 ? Math.max(state().nextAttempt(), now + pause) : state().nextAttempt())
                .failed(now)
                .lastError(Optional.of(retry.reason())));
        return Changed.NOW;
    }

    private Changed givenUp(SubscribedEvent event, String reason, long attempts, long now) {
        String error = "given up after " + attempts + " attempts of the event " + event.id() + ": " + reason;
        if (place.subscription().deliver().onFailure() == OnFailure.STOP) {
            giveBack(event);
            place.disable(error);
            return Changed.NOW;
        }
        long number = state().deadNext();
        DeadLetter letter =
                new DeadLetter(number, event.id(), event.index(), event.transaction(), attempts, reason, now);
        long acknowledged = state().acknowledged();
        taken(event);
        place.set(place.with()
                .acknowledged(acknowledged)
                .lastError(Optional.of(error))
                .dead(number + 1, state().dead() + 1));
        return new Changed(Optional.empty(), Sync.NOW, List.of(letter));
    }
}
