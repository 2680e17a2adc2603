package io.qbc.persistence.commit;

import io.qbc.model.Hash;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.commit.ResolvedTransactions.Keyed;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * Quants that were judged and are on their way to the disk, oldest first, bounded in count and bytes. Confined to the
 * commit thread.
 */
final class InFlightCommits {
    private static final int COUNT_MAX = 8;
    private static final long BYTES_MAX = 16L << 20;

    private final Deque<Step> steps = new ArrayDeque<>();
    private final int countMax;
    private long bytes;

    /** @param depthMax how far down the store must show the chain's heights while quants are under way */
    InFlightCommits(int depthMax) {
        countMax = Math.min(COUNT_MAX, depthMax + 1);
    }

    private record Step(CommitWrite write, IdFilter ids, Set<Hash> scopes) {
        boolean of(OpenChain chain) {
            return write.commitPlan().chain() == chain;
        }
    }

    void add(CommitWrite write) {
        CommitPlan commitPlan = write.commitPlan();
        Set<Hash> scopes = new HashSet<>();
        commitPlan.resolvedTransactions().keyed().forEach(keyed -> scopes.add(keyed.scope()));
        steps.add(new Step(write, IdFilter.of(commitPlan.compactQuant().ids()), scopes));
        bytes += write.bytes();
    }

    boolean isEmpty() {
        return steps.isEmpty();
    }

    /** Whether the oldest must be waited for before anything else is begun. */
    boolean full() {
        return !steps.isEmpty() && (steps.size() >= countMax || bytes >= BYTES_MAX);
    }

    Optional<CommitWrite> oldest() {
        return Optional.ofNullable(steps.peek()).map(Step::write);
    }

    /** Takes out the oldest. */
    CommitWrite take() {
        CommitWrite oldest = steps.remove().write();
        bytes -= oldest.bytes();
        return oldest;
    }

    /** The newest of a chain. */
    Optional<CommitWrite> last(OpenChain chain) {
        for (Iterator<Step> newest = steps.descendingIterator(); newest.hasNext(); ) {
            Step step = newest.next();
            if (step.of(chain)) {
                return Optional.of(step.write());
            }
        }
        return Optional.empty();
    }

    /** Whether a quant under way may hold a transaction of this one, or one of the same author with the same key. */
    boolean mayHold(CommitPlan commitPlan) {
        for (Step step : steps) {
            if (step.of(commitPlan.chain())
                    && (step.ids().mayHold(commitPlan.compactQuant().ids()) || shares(step.scopes(), commitPlan))) {
                return true;
            }
        }
        return false;
    }

    private static boolean shares(Set<Hash> scopes, CommitPlan commitPlan) {
        return !scopes.isEmpty()
                && commitPlan.resolvedTransactions().keyed().stream()
                        .map(Keyed::scope)
                        .anyMatch(scopes::contains);
    }
}
