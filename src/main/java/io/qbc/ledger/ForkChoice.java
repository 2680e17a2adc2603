package io.qbc.ledger;

import io.qbc.model.Head;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import java.util.Comparator;
import java.util.Optional;

/** Which of two branches is the chain: the heavier; of equally heavy ones that whose head hash is the lower number. */
public final class ForkChoice {
    /** Orders heads from worst to best; a total order, so that all nodes agree. */
    public static final Comparator<Head> ORDER =
            Comparator.comparing(Head::weight).thenComparing(Head::hash, Comparator.reverseOrder());

    private ForkChoice() {}

    public static boolean better(Head candidate, Head present) {
        return ORDER.compare(candidate, present) > 0;
    }

    /**
     * Why a branch may not take the chain's place although it is heavier; empty if it may.
     *
     * @param common the height of the last quant that both have
     * @param finality the height that the chain's engine calls final, or the one the operator pinned if that is higher
     */
    public static Optional<Refusal> finality(long common, long finality) {
        return common >= finality
                ? Optional.empty()
                : Optional.of(
                        Reason.FINAL.refusal("the branch leaves the chain at " + common + ", final is " + finality));
    }
}
