package io.qbc.persistence.commit;

import io.qbc.ledger.Tip;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.write.Pruning;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What storing a valid quant changes.
 *
 * @param tip what it is the tip of
 * @param expired what lies so far back that no branch can begin there any more
 * @param retained quants that leave the chain, but not the history of its forks
 */
public record CommitPlan(
        OpenChain chain,
        CompactQuant compactQuant,
        ResolvedTransactions resolvedTransactions,
        Tip tip,
        Move move,
        Pruning expired,
        List<Retained> retained) {
    public CommitPlan {
        retained = List.copyOf(retained);
    }

    /** Whether the quant goes on top of the head and nothing else moves. */
    boolean plain() {
        return move.placed() && move.undone().isEmpty() && move.restored().isEmpty();
    }

    /** What to answer once it is stored. */
    public Verdict verdict() {
        if (!move.placed()) {
            return new Verdict.Aside(tip.head());
        }
        int undone = move.undone().size();
        return undone == 0 ? new Verdict.Extended(tip.head()) : new Verdict.Reorganised(tip.head(), undone);
    }

    /** A quant that a fork keeps in its history. */
    record Retained(OpenChain fork, QuantRecord quant) {}

    /**
     * How the present chain moves.
     *
     * @param placed whether the quant becomes the head; otherwise nothing moves
     * @param undone quants that leave the present chain, newest first
     * @param restored quants from aside that join it before the new one, oldest first
     * @param reinstated log entries that are no longer superseded
     * @param superseded log entries that are superseded, by the id that stands
     */
    public record Move(
            boolean placed,
            List<QuantRecord> undone,
            List<QuantRecord> restored,
            SortedSet<Long> reinstated,
            SortedMap<Long, Hash> superseded) {
        public static final Move ASIDE = new Move(false, List.of(), List.of(), new TreeSet<>(), new TreeMap<>());

        public Move {
            undone = List.copyOf(undone);
            restored = List.copyOf(restored);
        }
    }
}
