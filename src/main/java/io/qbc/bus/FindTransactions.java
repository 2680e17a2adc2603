package io.qbc.bus;

import io.qbc.model.Hash;
import java.util.List;

/** Asks where transactions of one chain are; those of one turn of an event loop travel together. */
public record FindTransactions(Hash chain, List<Hash> ids) {
    public FindTransactions {
        ids = List.copyOf(ids);
    }
}
