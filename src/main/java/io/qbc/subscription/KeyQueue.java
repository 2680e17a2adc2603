package io.qbc.subscription;

import io.qbc.bus.Catalogue.SubscribedEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The events of one key that are not acknowledged, in order; those that its consumer has are the first of them. */
final class KeyQueue {
    private final String key;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private Optional<String> holder = Optional.empty();
    /** How many of the first ones the holder was ever given, and was since it last began again. */
    private int given;

    private int shown;

    KeyQueue(String key) {
        this.key = key;
    }

    /** An event of the queue. */
    static final class Entry {
        private final SubscribedEvent event;
        private final KeyQueue queue;
        private boolean offered;

        Entry(SubscribedEvent event, KeyQueue queue) {
            this.event = event;
            this.queue = queue;
        }

        SubscribedEvent event() {
            return event;
        }

        KeyQueue queue() {
            return queue;
        }

        /** Whether anybody was ever given it. */
        boolean isOffered() {
            return offered;
        }

        int bytes() {
            return CloudEvents.bytesMax(event, true);
        }
    }

    String key() {
        return key;
    }

    Optional<String> holder() {
        return holder;
    }

    boolean isHeldBy(String name) {
        return holder.filter(name::equals).isPresent();
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    Entry add(SubscribedEvent event) {
        Entry entry = new Entry(event, this);
        waiting.add(entry);
        return entry;
    }

    Entry first() {
        return waiting.getFirst();
    }

    long firstLeaf() {
        return first().event().index();
    }

    /** Gives the holder what it was not given since it began again, so many events at most. */
    List<Entry> give(String to, int countMax) {
        holder = Optional.of(to);
        List<Entry> more = waiting.stream().skip(shown).limit(countMax).toList();
        more.forEach(entry -> entry.offered = true);
        shown += more.size();
        given = Math.max(given, shown);
        return more;
    }

    /** What the holder has. */
    List<Entry> held() {
        return waiting.stream().limit(given).toList();
    }

    /** The holder is given all once more. */
    void rewind() {
        shown = 0;
    }

    /** Nobody has it any more. */
    void free() {
        holder = Optional.empty();
        given = 0;
        shown = 0;
    }

    /** Whether these are the first ones of the queue. */
    boolean begins(List<Entry> entries) {
        return new ArrayList<>(waiting).subList(0, entries.size()).equals(entries);
    }

    /** The first one is acknowledged. */
    void remove() {
        waiting.removeFirst();
        given = Math.max(0, given - 1);
        shown = Math.max(0, shown - 1);
    }

    /** Whether the holder has any of it. */
    boolean isHeld() {
        return given > 0;
    }
}
