package io.qbc.api.audit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Counts of what comes too often for an entry each, by caller, operation and outcome; for any number of threads. Of
 * those beyond the limit only the outcomes are told apart, so that whoever comes under many names fills nothing.
 */
final class AuditCounts {
    private static final String OTHERS = "others";

    private final int apartMax;
    private final Map<Key, Long> counts = new ConcurrentHashMap<>();
    private volatile long since;

    /** @param now milliseconds since 1970 */
    AuditCounts(int apartMax, long now) {
        this.apartMax = apartMax;
        this.since = now;
    }

    /** What is counted together. */
    record Key(String id, String name, String address, String by, String operation, String target, String code) {
        private Key others() {
            return new Key("", OTHERS, "", by, "", "", code);
        }
    }

    record Counted(Key key, long count) {}

    /**
     * All counts of some time.
     *
     * @param from when it began
     */
    record Taken(long from, List<Counted> counted) {
        Taken {
            counted = List.copyOf(counted);
        }
    }

    void add(Key key, long count) {
        boolean apart = counts.size() < apartMax || counts.containsKey(key);
        counts.merge(apart ? key : key.others(), count, Long::sum);
    }

    /** Takes the counts out, and begins anew; what is added meanwhile is in this answer or in the next. */
    Taken take(long now) {
        long from = since;
        since = now;
        List<Counted> taken = new ArrayList<>();
        for (Key key : List.copyOf(counts.keySet())) {
            Long count = counts.remove(key);
            if (count != null) {
                taken.add(new Counted(key, count));
            }
        }
        return new Taken(from, taken);
    }
}
