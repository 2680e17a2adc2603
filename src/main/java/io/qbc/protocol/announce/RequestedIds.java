package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The transactions that peers were asked to push of late, so that a push of others is noticed. What is asked for counts
 * for one period at least; where more is asked for than is remembered, nothing counts as unasked.
 */
final class RequestedIds {
    private final int countMax;
    private final long periodMillis;
    private Set<Hash> present = new LinkedHashSet<>();
    private Set<Hash> before = new LinkedHashSet<>();
    private boolean full;
    private boolean fullBefore = true;
    private long begun;

    /** Until it has run for a period, nothing counts as unasked: an earlier run may have asked. */
    RequestedIds(int countMax, long periodMillis, long now) {
        this.countMax = countMax;
        this.periodMillis = periodMillis;
        begun = now;
    }

    void asked(List<Hash> ids, long now) {
        turn(now);
        for (Hash id : ids) {
            if (present.size() >= countMax) {
                full = true;
                return;
            }
            present.add(id);
        }
    }

    /** Whether nobody asked for any of these. */
    boolean unasked(List<Transaction> transactions, long now) {
        turn(now);
        return !full
                && !fullBefore
                && !transactions.isEmpty()
                && transactions.stream()
                        .map(Transaction::id)
                        .noneMatch(id -> present.contains(id) || before.contains(id));
    }

    private void turn(long now) {
        if (now - begun >= periodMillis) {
            // After two periods without a question nothing of them counts any more.
            boolean idle = now - begun >= 2 * periodMillis;
            before = idle ? new LinkedHashSet<>() : present;
            fullBefore = !idle && full;
            present = new LinkedHashSet<>();
            full = false;
            begun = now;
        }
    }
}
