package io.qbc.bus;

import io.qbc.bus.Catalogue.PoolState;
import java.util.List;

/** The pools that were asked for, in the same order; an empty one where there is no such chain. */
public record Pools(List<PoolState> states) {
    public Pools {
        states = List.copyOf(states);
    }
}
