package io.qbc.ledger;

import io.qbc.model.Head;
import java.util.Comparator;

/** Which of two branches is the chain: the heavier; of equally heavy ones that whose head hash is the lower number. */
public final class ForkChoice {
    /** Orders heads from worst to best; a total order, so that all nodes agree. */
    public static final Comparator<Head> ORDER =
            Comparator.comparing(Head::weight).thenComparing(Head::hash, Comparator.reverseOrder());

    private ForkChoice() {}

    public static boolean better(Head candidate, Head present) {
        return ORDER.compare(candidate, present) > 0;
    }
}
