package io.qbc.api.limits;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;

/** What one bridge of the event bus counts. */
public final class BridgeMeter {
    private final LongAdder connections = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final LongAdder sent = new LongAdder();
    private final Map<String, LongAdder> cut = new ConcurrentSkipListMap<>();

    /** Connections that are open. */
    public LongAdder connections() {
        return connections;
    }

    /** Messages that came from callers, pings included. */
    public LongAdder received() {
        return received;
    }

    /** Messages that callers were sent. */
    public LongAdder sent() {
        return sent;
    }

    /** Counts a connection that the node ended or did not let in. */
    public void cut(String why) {
        cut.computeIfAbsent(why, unused -> new LongAdder()).increment();
    }

    /** How many connections the node ended or did not let in because of this. */
    public long cuts(String why) {
        LongAdder count = cut.get(why);
        return count == null ? 0 : count.sum();
    }
}
