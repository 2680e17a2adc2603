package io.qbc.tracing;

import io.qbc.model.Hash;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The traces of the transactions and quants of late, so many of them; the oldest gives way, which is counted. */
public final class RecentContexts {
    private final int most;
    private final LongAdder forgotten;
    private final Map<Hash, TraceContext> contexts = new LinkedHashMap<>();

    public RecentContexts(int most, LongAdder forgotten) {
        this.most = most;
        this.forgotten = forgotten;
    }

    /** Keeps one, in the place of another of the same hash. */
    public synchronized void put(Hash hash, TraceContext context) {
        contexts.remove(hash);
        contexts.put(hash, context);
        if (contexts.size() > most) {
            contexts.remove(contexts.keySet().iterator().next());
            forgotten.increment();
        }
    }

    /** The trace of one, or none. */
    public synchronized TraceContext get(Hash hash) {
        return contexts.getOrDefault(hash, TraceContext.NONE);
    }
}
