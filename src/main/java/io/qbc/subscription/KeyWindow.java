package io.qbc.subscription;

import io.qbc.bus.Catalogue.SubscribedEvent;
import io.qbc.follow.Leaf;
import io.qbc.follow.Position;
import io.qbc.subscription.KeyQueue.Entry;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What was read behind a place: queues of events key by key, and how far acknowledgements move the place. */
final class KeyWindow {
    private final SubscriptionPlace place;
    private final EventKey keyBy;
    /** All that was read, in the order of the chain; what is acknowledged stays while something before it is not. */
    private final Deque<Step> steps = new ArrayDeque<>();

    private final Map<String, Entry> entries = new HashMap<>();
    private final Map<String, KeyQueue> queues = new HashMap<>();
    /** Queues that nobody has, by their first leaf. */
    private final TreeMap<Long, KeyQueue> free = new TreeMap<>();

    private long bytes;

    /** An event that was read, and the position after it and what needs no acknowledgement behind it. */
    private record Step(long leaf, Position after) {}

    KeyWindow(SubscriptionPlace place, EventKey keyBy) {
        this.place = place;
        this.keyBy = keyBy;
    }

    /** Where it reads on. */
    Position ahead() {
        return steps.isEmpty() ? place.at() : steps.getLast().after();
    }

    /** How many events are on their way, with those that are acknowledged behind one that is not. */
    long count() {
        LeafRanges beyond = place.state().beyond();
        return entries.size()
                + beyond.from(place.at().leaf()).below(place.end()).count();
    }

    long bytes() {
        return bytes;
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    void add(Leaf leaf, Position after) {
        if (place.state().beyond().has(leaf.index())) {
            pass(after);
            return;
        }
        KeyQueue queue = queues.computeIfAbsent(keyBy.of(leaf), KeyQueue::new);
        boolean first = queue.isEmpty();
        Entry entry = queue.add(place.event(leaf));
        entries.put(entry.event().id(), entry);
        steps.add(new Step(leaf.index(), after));
        bytes += entry.bytes();
        if (first) {
            free.put(leaf.index(), queue);
        }
    }

    /** What is before it needs no acknowledgement of its own. */
    void pass(Position to) {
        if (steps.isEmpty()) {
            moveTo(to);
        } else {
            Step last = steps.removeLast();
            steps.add(new Step(last.leaf(), to));
        }
    }

    private void moveTo(Position to) {
        place.move(to);
        place.set(place.with().beyond(place.state().beyond().from(to.leaf())));
    }

    Optional<Entry> find(String id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** Queues that nobody has, the one with the oldest event first. */
    Collection<KeyQueue> free() {
        return free.values();
    }

    /** Gives events of a queue to a consumer, who has it from now on. */
    List<Entry> give(KeyQueue queue, String holder, int countMax) {
        free.remove(queue.firstLeaf(), queue);
        return queue.give(holder, countMax);
    }

    /** Nobody has a queue any more. */
    void release(KeyQueue queue) {
        queue.free();
        if (!queue.isEmpty()) {
            free.put(queue.firstLeaf(), queue);
        }
    }

    /** Takes the first event of its queue as acknowledged. */
    void acknowledge(Entry entry) {
        KeyQueue queue = entry.queue();
        SubscribedEvent event = entry.event();
        free.remove(event.index(), queue);
        queue.remove();
        entries.remove(event.id());
        bytes -= entry.bytes();
        if (queue.isEmpty()) {
            queues.remove(queue.key());
        }
        if (!queue.isHeld()) {
            release(queue);
        }
        place.set(place.with().beyond(place.state().beyond().with(event.index())));
        advance();
    }

    /** Moves the place over what is acknowledged in a row. */
    private void advance() {
        Optional<Position> to = Optional.empty();
        while (!steps.isEmpty() && place.state().beyond().has(steps.getFirst().leaf())) {
            to = Optional.of(steps.removeFirst().after());
        }
        to.ifPresent(this::moveTo);
    }

    /** All that a consumer has, in the order of the chain. */
    static List<Entry> held(Collection<KeyQueue> of) {
        List<Entry> all = new ArrayList<>();
        of.forEach(queue -> all.addAll(queue.held()));
        return all;
    }

    void clear() {
        steps.clear();
        entries.clear();
        queues.clear();
        free.clear();
        bytes = 0;
    }
}
