package io.qbc.model;

import java.util.List;
import java.util.Locale;

/** What became of a quant that was offered to a chain. */
public sealed interface Verdict {
    /** It is the new head, directly after the old one. */
    record Extended(Head head) implements Verdict {}

    /** It is the new head of another branch, which is heavier; {@code undone} quants left the chain. */
    record Reorganised(Head head, int undone) implements Verdict {}

    /** It is valid and stored on a branch that is lighter than the chain. */
    record Aside(Head branch) implements Verdict {}

    /** It was here before. */
    record Known(Hash hash) implements Verdict {}

    /** Its parent is unknown; it is kept in a bounded place until the parent comes. */
    record Orphan(Hash parent) implements Verdict {}

    /** These transactions are neither here nor supplied; nothing was kept. */
    record Missing(List<Hash> ids) implements Verdict {
        public Missing {
            ids = List.copyOf(ids);
        }
    }

    /** A rule is broken; nothing changed. */
    record Refused(Refusal refusal) implements Verdict {}

    /** One word for it: the code of the refusal, or what became of it. */
    default String word() {
        return this instanceof Refused refused
                ? refused.refusal().reason().code()
                : getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
}
