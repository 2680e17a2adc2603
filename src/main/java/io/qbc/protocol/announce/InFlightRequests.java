package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The requests in flight for transactions, so that of two peers that announce the same only one is asked. A request
 * times out after a while, and over the limit none is kept, which costs a second delivery and nothing else.
 */
final class InFlightRequests {
    private final LinkedHashMap<Hash, Long> until = new LinkedHashMap<>();
    private final int countMax;
    private final long timeoutMillis;

    /** @param timeoutMillis how long a request is waited for */
    InFlightRequests(int countMax, long timeoutMillis) {
        this.countMax = countMax;
        this.timeoutMillis = timeoutMillis;
    }

    /** Those of the ids that nobody is asked for; they count as requested from now on. */
    List<Hash> claim(List<Hash> ids, long now) {
        Iterator<Long> oldest = until.values().iterator();
        while (oldest.hasNext() && oldest.next() <= now) {
            oldest.remove();
        }
        List<Hash> free = ids.stream().filter(id -> !until.containsKey(id)).toList();
        for (Hash id : free) {
            if (until.size() < countMax) {
                until.put(id, now + timeoutMillis);
            }
        }
        return free;
    }

    /** They arrived, or will not arrive. */
    void settle(List<Hash> ids) {
        ids.forEach(until::remove);
    }
}
