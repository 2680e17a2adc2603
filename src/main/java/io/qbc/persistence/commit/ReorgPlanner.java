package io.qbc.persistence.commit;

import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.persistence.chain.Branch;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.ScopeWalk;
import io.qbc.persistence.commit.ResolvedTransactions.Signed;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** Works out how the present chain moves to a new head, and whose author and key it uses up. */
final class ReorgPlanner implements AutoCloseable {
    private final OpenChain chain;
    private final ScopeWalk scopes;
    private final PlacementIndex placementIndex;

    ReorgPlanner(Store store, OpenChain chain) {
        this.chain = chain;
        this.scopes = new ScopeWalk(store, chain.number());
        this.placementIndex = new PlacementIndex(store, chain.number());
    }

    /** Whether the branch holds one of these transactions already, or one of the same author with the same key. */
    boolean twice(Branch branch, ResolvedTransactions resolvedTransactions) {
        for (LogRange logRange : resolvedTransactions.known()) {
            if (holds(branch, logRange)) {
                return true;
            }
        }
        Set<Hash> seen = new HashSet<>();
        for (Signed signed : resolvedTransactions.signed()) {
            if (!seen.add(signed.scope())) {
                return true;
            }
            for (long rival : scopes.entries(signed.scope())) {
                if (rival != signed.sequence() && holds(branch, new LogRange(rival, 1))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holds(Branch branch, LogRange logRange) {
        return branch.holds(logRange) || placementIndex.anyUpTo(branch.fork(), logRange);
    }

    /** The move to a branch and a new quant on it. */
    CommitPlan.Move to(Branch branch, ResolvedTransactions resolvedTransactions) {
        List<QuantRecord> undone = undone(branch.fork());
        SortedSet<Long> reinstated = new TreeSet<>();
        for (QuantRecord quant : undone) {
            signed(quant).forEach(signed -> reinstated.addAll(rivals(signed)));
        }
        SortedMap<Long, Hash> superseded = new TreeMap<>();
        for (QuantRecord quant : branch.quants()) {
            signed(quant).forEach(signed -> rivals(signed).forEach(rival -> superseded.put(rival, signed.id())));
        }
        // The rivals of those that are not in the log yet are looked for as they are written.
        resolvedTransactions.signed().stream()
                .filter(signed -> signed.sequence() != 0)
                .forEach(signed -> rivals(signed).forEach(rival -> superseded.put(rival, signed.id())));
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

    private List<Signed> signed(QuantRecord quant) {
        List<Signed> signed = new ArrayList<>();
        if (quant.signed() > 0) {
            chain.log()
                    .heads(
                            quant.logRanges(),
                            entry -> entry.scope()
                                    .ifPresent(scope -> signed.add(new Signed(scope, entry.id(), entry.sequence()))));
        }
        return signed;
    }

    private List<Long> rivals(Signed signed) {
        List<Long> rivals = scopes.entries(signed.scope());
        rivals.remove((Long) signed.sequence());
        return rivals;
    }

    @Override
    public void close() {
        scopes.close();
        placementIndex.close();
    }
}
