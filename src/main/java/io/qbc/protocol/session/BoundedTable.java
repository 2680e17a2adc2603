package io.qbc.protocol.session;

import io.qbc.model.Bytes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A table of at most so many entries in the order of their use. When there is no room, the oldest of the source that
 * has most gives way, so that one source cannot push out all others.
 */
final class BoundedTable<E> {
    private final int max;
    private final Function<E, String> source;
    private final LinkedHashMap<Bytes, E> entries = new LinkedHashMap<>();

    BoundedTable(int max, Function<E, String> source) {
        this.max = max;
        this.source = source;
    }

    void put(Bytes id, E entry) {
        entries.put(id, entry);
        if (entries.size() > max) {
            String most = most();
            removeOldest(each -> source.apply(each).equals(most));
        }
    }

    Optional<E> find(Bytes id) {
        return Optional.ofNullable(entries.get(id));
    }

    /** The entry is used now. */
    void touch(Bytes id, E entry) {
        if (entries.remove(id, entry)) {
            entries.put(id, entry);
        }
    }

    Optional<E> remove(Bytes id) {
        return Optional.ofNullable(entries.remove(id));
    }

    void removeIf(Predicate<E> gone) {
        entries.values().removeIf(gone);
    }

    /** Removes the oldest one of those, if there are more than so many. */
    void keep(int count, Predicate<E> those) {
        if (entries.values().stream().filter(those).count() > count) {
            removeOldest(those);
        }
    }

    int size() {
        return entries.size();
    }

    private void removeOldest(Predicate<E> those) {
        for (Iterator<E> each = entries.values().iterator(); each.hasNext(); ) {
            if (those.test(each.next())) {
                each.remove();
                return;
            }
        }
    }

    private String most() {
        TreeMap<String, Integer> counts = new TreeMap<>();
        entries.values().forEach(entry -> counts.merge(source.apply(entry), 1, Integer::sum));
        String most = "";
        for (String each : counts.keySet()) {
            most = counts.get(each) > counts.getOrDefault(most, 0) ? each : most;
        }
        return most;
    }
}
