package io.qbc.bus;

import io.qbc.model.Hash;
import java.util.List;

/** Asks how much waits in each of these chains. */
public record FindPools(List<Hash> chains) {
    public FindPools {
        chains = List.copyOf(chains);
    }
}
