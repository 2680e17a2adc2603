package io.qbc.persistence.chain;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.store.StoreException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A count of the damage that reads and commits have met in an open chain, each place of which is logged once, and what
 * is wrong with the chain first of all.
 */
public final class MetDamage {
    private static final Logger LOG = LoggerFactory.getLogger(MetDamage.class);
    private static final int PLACES_MAX = 100;

    private final String chain;
    private final Set<String> places = ConcurrentHashMap.newKeySet();
    private final LongAdder count = new LongAdder();
    private volatile Optional<Refusal> first = Optional.empty();

    /** @param chain the chain's name */
    MetDamage(String chain) {
        this.chain = chain;
    }

    /** Notes why the store failed under a read or a commit; only damage counts. */
    public void met(StoreException failure) {
        Refusal refusal = failure.refusal();
        boolean damage = refusal.reason() == Reason.CORRUPT;
        if (damage) {
            count.increment();
            if (first.isEmpty()) {
                first = Optional.of(refusal);
            }
        }
        // The message names the file or what is missing, and not the request.
        if (places.size() < PLACES_MAX && places.add(refusal.detail())) {
            LOG.error(
                    "the store failed under the chain {}{}",
                    chain,
                    damage ? ", damaged data is not served; qbc verify tells what is damaged" : "",
                    failure);
        }
    }

    /** Notes what the check of the whole store found, which tells of it itself. */
    public void found(Refusal finding) {
        if (first.isEmpty()) {
            first = Optional.of(finding);
        }
    }

    /** How often. */
    public long count() {
        return count.sum();
    }

    /** What was met or found first. */
    public Optional<Refusal> first() {
        return first;
    }
}
