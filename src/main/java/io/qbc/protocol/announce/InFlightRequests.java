package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * Transactions that a peer was just asked for, so that two that announce the same are not both asked. A promise is
 * forgotten after a while, and over the limit none is kept, which costs a second delivery and nothing else.
 */
final class InFlightRequests {
    private final LinkedHashMap<Hash, Long> until = new LinkedHashMap<>();
    private final int countMax;
    private final long duration;

    /** @param duration how long a promise holds, in milliseconds */
    InFlightRequests(int countMax, long duration) {
        this.countMax = countMax;
        this.duration = duration;
    }

    /** Those of the ids that nobody has promised; they are promised from now on. */
    List<Hash> claim(List<Hash> ids, long now) {
        Iterator<Long> oldest = until.values().iterator();
        while (oldest.hasNext() && oldest.next() <= now) {
            oldest.remove();
        }
        List<Hash> free = ids.stream().filter(id -> !until.containsKey(id)).toList();
        for (Hash id : free) {
            if (until.size() < countMax) {
                until.put(id, now + duration);
            }
        }
        return free;
    }

    /** They came, or will not come. */
    void settle(List<Hash> ids) {
        ids.forEach(until::remove);
    }
}
