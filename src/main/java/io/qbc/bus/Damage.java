package io.qbc.bus;

import io.qbc.model.Hash;
import io.qbc.model.Refusal;
import java.util.List;

/** The chains that the store has and cannot open. */
public record Damage(List<Chain> chains) {
    public Damage {
        chains = List.copyOf(chains);
    }

    /** One of them: its id and name, as far as they could be found out, and what is wrong. */
    public record Chain(Hash id, String name, Refusal refusal) {}

    /** The question for them. */
    public record Find() {}
}
