package io.qbc.bus;

import io.qbc.bus.Catalogue.Located;
import java.util.List;

/** Where each of the transactions is that were asked for, in the same order. */
public record FoundTransactions(List<Located> places) {
    public FoundTransactions {
        places = List.copyOf(places);
    }
}
