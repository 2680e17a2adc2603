package io.qbc.subscription;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who shares a subscription: each has the keys of which it was given events, as long as its lease lasts. */
final class KeyConsumers {
    private final KeyWindow window;
    private final Map<String, Consumer> consumers = new LinkedHashMap<>();
    /** Who was given what tells of undone transactions. */
    private Optional<Consumer> reverting = Optional.empty();

    KeyConsumers(KeyWindow window) {
        this.window = window;
    }

    /** One that was seen within its lease. */
    static final class Consumer {
        private final String name;
        private final Set<KeyQueue> queues = new LinkedHashSet<>();
        private long until;

        Consumer(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        /** Those that it has. */
        Set<KeyQueue> queues() {
            return queues;
        }

        /** It has a queue no longer if all that it was given of it is acknowledged. */
        void settle(KeyQueue queue) {
            if (!queue.isHeldBy(name)) {
                queues.remove(queue);
            }
        }

        void rewind() {
            queues.forEach(KeyQueue::rewind);
        }
    }

    /** It is there, and its lease begins anew. */
    Consumer seen(String name, long now) {
        Consumer consumer = consumers.computeIfAbsent(name, Consumer::new);
        consumer.until = now == Long.MAX_VALUE ? now : now + EventOrder.LEASE_MILLIS;
        return consumer;
    }

    Optional<Consumer> find(String name) {
        return Optional.ofNullable(consumers.get(name));
    }

    boolean isLive(String name, long now) {
        return find(name).filter(consumer -> consumer.until > now).isPresent();
    }

    /** Those with events. */
    List<String> names(long now) {
        return consumers.values().stream()
                .filter(consumer -> consumer.until > now && (!consumer.queues.isEmpty() || hasRevert(consumer)))
                .map(Consumer::name)
                .toList();
    }

    /** Takes back what those had whose leases are over; whether there was any. */
    boolean expire(long now) {
        List<Consumer> gone = consumers.values().stream()
                .filter(consumer -> consumer.until <= now)
                .toList();
        boolean any = false;
        for (Consumer consumer : new ArrayList<>(gone)) {
            any |= !consumer.queues.isEmpty() || hasRevert(consumer);
            release(consumer.name);
        }
        return any;
    }

    void release(String name) {
        Optional<Consumer> gone = Optional.ofNullable(consumers.remove(name));
        gone.ifPresent(consumer -> consumer.queues.forEach(window::release));
        reverting = reverting.filter(consumer -> gone.filter(consumer::equals).isEmpty());
    }

    /** Lets a consumer have the events of a key no longer. */
    void release(Consumer consumer, KeyQueue queue) {
        consumer.queues.remove(queue);
        window.release(queue);
    }

    /** Lets go of one that has nothing. */
    void forget(Consumer consumer) {
        if (consumer.queues.isEmpty() && !hasRevert(consumer)) {
            consumers.remove(consumer.name);
        }
    }

    /** Whether a consumer is now given what tells of undone transactions. */
    boolean takeRevert(Consumer consumer, boolean onward) {
        if (reverting.isPresent()) {
            return !onward && hasRevert(consumer);
        }
        reverting = Optional.of(consumer);
        return true;
    }

    boolean hasRevert(Consumer consumer) {
        return reverting.filter(consumer::equals).isPresent();
    }

    Optional<Consumer> reverting() {
        return reverting;
    }

    void clearRevert() {
        reverting = Optional.empty();
    }

    void clear() {
        consumers.clear();
        reverting = Optional.empty();
    }
}
