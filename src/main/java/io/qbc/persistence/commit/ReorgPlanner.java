package io.qbc.persistence.commit;

import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.persistence.chain.Branch;
import io.qbc.persistence.chain.InheritedKeys;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.ScopeWalk;
import io.qbc.persistence.commit.ResolvedTransactions.Keyed;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Works out how the present chain moves to a new head, and which authors and keys it uses up. */
final class ReorgPlanner implements AutoCloseable {
    private final OpenChain chain;
    private final ScopeWalk scopes;
    private final InheritedKeys inheritedKeys;
    private final PlacementIndex placementIndex;
    /** What {@link #twice} found, so that it is looked up once. */
    private final Map<Hash, List<Long>> found = new HashMap<>();

    ReorgPlanner(Store store, OpenChain chain) {
        this.chain = chain;
        this.scopes = new ScopeWalk(store, chain.number());
        this.inheritedKeys = new InheritedKeys(store, chain);
        this.placementIndex = new PlacementIndex(store, chain.number());
    }

    /**
     * Why the branch may not take these transactions: it holds one of them already, or one of the same author with the
     * same key, or two of them have the same. A key of the accepting node's is not looked up.
     */
    Optional<Refusal> twice(Branch branch, ResolvedTransactions resolvedTransactions) {
        for (LogRange logRange : resolvedTransactions.known()) {
            if (holds(branch, logRange)) {
                return Optional.of(Reason.TRANSACTION_TWICE.refusal("its branch holds one of its transactions"));
            }
        }
        Map<Hash, Hash> seen = new HashMap<>();
        for (Keyed keyed : resolvedTransactions.keyed()) {
            Hash other = seen.putIfAbsent(keyed.scope(), keyed.id());
            if (other != null) {
                return rival(keyed, other.toString());
            }
        }
        for (Keyed keyed : resolvedTransactions.keyed()) {
            Optional<Refusal> refusal = usedUp(branch, keyed);
            if (refusal.isPresent()) {
                return refusal;
            }
        }
        return Optional.empty();
    }

    private Optional<Refusal> usedUp(Branch branch, Keyed keyed) {
        List<Long> rivals = scopes.entries(keyed.scope());
        rivals.remove((Long) keyed.sequence());
        if (!rivals.isEmpty()) {
            found.put(keyed.scope(), rivals);
        }
        for (long rival : rivals) {
            if (holds(branch, new LogRange(rival, 1))) {
                return rival(keyed, chain.log().transaction(rival).id().toString());
            }
        }
        return inheritedKeys
                .find(keyed.scope())
                .flatMap(inherited -> rival(keyed, inherited.id().toString()));
    }

    private static Optional<Refusal> rival(Keyed keyed, String other) {
        return Optional.of(
                Reason.TRANSACTION_TWICE.refusal("transaction " + keyed.id() + " has the author and key of " + other));
    }

    private boolean holds(Branch branch, LogRange logRange) {
        return branch.holds(logRange) || placementIndex.anyUpTo(branch.fork(), logRange);
    }

    /** The move to a branch and a new quant on it. */
    CommitPlan.Move to(Branch branch, ResolvedTransactions resolvedTransactions) {
        List<QuantRecord> undone = undone(branch.fork());
        SortedSet<Long> reinstated = new TreeSet<>();
        for (QuantRecord quant : undone) {
            keyed(quant).forEach(keyed -> reinstated.addAll(rivals(keyed)));
        }
        SortedMap<Long, Hash> superseded = new TreeMap<>();
        for (QuantRecord quant : branch.quants()) {
            keyed(quant).forEach(keyed -> rivals(keyed).forEach(rival -> superseded.put(rival, keyed.id())));
        }
        // The rivals of those that are not in the log yet are looked for as they are written.
        if (!found.isEmpty()) {
            resolvedTransactions.keyed().stream()
                    .filter(keyed -> keyed.sequence() != 0)
                    .forEach(keyed -> found.getOrDefault(keyed.scope(), List.of())
                            .forEach(rival -> superseded.put(rival, keyed.id())));
        }
        return new CommitPlan.Move(true, undone, branch.quants(), reinstated, superseded);
    }

    private List<QuantRecord> undone(long fork) {
        List<QuantRecord> undone = new ArrayList<>();
        Hash at = chain.tip().head().hash();
        for (long height = chain.tip().head().height(); height > fork; height--) {
            QuantRecord quant = chain.quants().known(at);
            undone.add(quant);
            at = quant.header().previous();
        }
        return undone;
    }

    private List<Keyed> keyed(QuantRecord quant) {
        List<Keyed> keyed = new ArrayList<>();
        if (quant.keyed() > 0) {
            chain.log()
                    .heads(
                            quant.logRanges(),
                            entry -> entry.scope()
                                    .ifPresent(scope -> keyed.add(new Keyed(scope, entry.id(), entry.sequence()))));
        }
        return keyed;
    }

    private List<Long> rivals(Keyed keyed) {
        List<Long> rivals = scopes.entries(keyed.scope());
        rivals.remove((Long) keyed.sequence());
        return rivals;
    }

    @Override
    public void close() {
        scopes.close();
        inheritedKeys.close();
        placementIndex.close();
    }
}
