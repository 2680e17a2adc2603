package io.qbc.api;

import io.qbc.api.limits.BridgeMeter;
import io.qbc.model.Reason;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What REST and the event bus count, shared by all their instances. */
public final class Meters {
    private final long startedAt;
    private final LongAdder accepted = new LongAdder();
    private final LongAdder repeated = new LongAdder();
    private final LongAdder superseded = new LongAdder();
    private final LongAdder leaps = new LongAdder();
    private final Map<String, LongAdder> webhookAttempts = new ConcurrentSkipListMap<>();
    private final Map<Reason, LongAdder> declined = new ConcurrentHashMap<>();
    private final Map<String, BridgeMeter> bridges = new ConcurrentSkipListMap<>();
    private final Map<String, RouteMeter> routes = new ConcurrentSkipListMap<>();

    public Meters(InstantSource clock) {
        startedAt = clock.millis();
    }

    /** When this process began to count, milliseconds since 1970. */
    public long startedAt() {
        return startedAt;
    }

    public LongAdder accepted() {
        return accepted;
    }

    public LongAdder repeated() {
        return repeated;
    }

    /** Transactions in whose place another one of the same author and key came into the chain. */
    public LongAdder superseded() {
        return superseded;
    }

    public LongAdder leaps() {
        return leaps;
    }

    /** An attempt of a webhook ended so: delivered, throttled, gone or failed. */
    public void webhookAttempt(String outcome) {
        webhookAttempts.computeIfAbsent(outcome, unused -> new LongAdder()).increment();
    }

    /** How many attempts of webhooks ended so. */
    public long webhookAttempts(String outcome) {
        return webhookAttempts.getOrDefault(outcome, new LongAdder()).sum();
    }

    LongAdder declined(Reason reason) {
        return declined.computeIfAbsent(reason, unused -> new LongAdder());
    }

    public Map<Reason, LongAdder> declined() {
        return declined;
    }

    /** The meter of a bridge of the event bus, {@code tcp} or {@code sockjs}. */
    public BridgeMeter bridge(String name) {
        return bridges.computeIfAbsent(name, unused -> new BridgeMeter());
    }

    /** The meter of one route; the same object for the same route. */
    public RouteMeter route(String method, String template) {
        return routes.computeIfAbsent(template + " " + method, unused -> new RouteMeter(method, template));
    }

    /** The meters of all routes, by path. */
    public List<RouteMeter> routes() {
        return List.copyOf(routes.values());
    }
}
