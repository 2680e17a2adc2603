package io.qbc.subscription;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was offered in vain, leaf by leaf, as the state has it. */
final class KeyRetries {
    /** In place of a leaf index: what tells of undone transactions. */
    static final long REVERT = -1;

    private final SubscriptionPlace place;
    private List<Retry> known = List.of();
    private final Map<Long, Retry> byLeaf = new LinkedHashMap<>();

    KeyRetries(SubscriptionPlace place) {
        this.place = place;
    }

    private Map<Long, Retry> all() {
        List<Retry> now = place.state().retries();
        if (known != now) {
            known = now;
            byLeaf.clear();
            now.forEach(retry -> byLeaf.put(retry.leaf(), retry));
        }
        return byLeaf;
    }

    /** How often a leaf was offered. */
    long attempts(long leaf) {
        return Optional.ofNullable(all().get(leaf)).map(Retry::attempts).orElse(0L);
    }

    /** When a leaf may be offered, in milliseconds since 1970. */
    long due(long leaf) {
        return Optional.ofNullable(all().get(leaf)).map(Retry::next).orElse(0L);
    }

    /** When the next of them may be offered that waits for its time; {@link Long#MAX_VALUE} if none does. */
    long next(long now) {
        return all().values().stream()
                .mapToLong(Retry::next)
                .filter(due -> due > now)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void put(Retry retry) {
        all().put(retry.leaf(), retry);
        store();
    }

    void remove(long leaf) {
        if (all().remove(leaf) != null) {
            store();
        }
    }

    private void store() {
        long attempts =
                byLeaf.values().stream().mapToLong(Retry::attempts).max().orElse(0);
        StateBuilder with = place.with().retries(List.copyOf(byLeaf.values())).attempts(attempts);
        place.set(byLeaf.isEmpty() ? with.lastError(Optional.empty()).nextAttempt(0) : with);
        known = place.state().retries();
    }
}
