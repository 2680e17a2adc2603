package io.qbc.api;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import java.util.Optional;

/**
 * A view of a chain as a reader sees it.
 *
 * @param top the quant that it is seen up to; nothing for all of it, up to its head
 */
public record ChainView(Hash id, ChainSpec spec, Optional<QuantHead> top) {
    /** The greatest height that may be seen. */
    public long last() {
        return top.map(quant -> quant.header().height()).orElse(Long.MAX_VALUE);
    }
}
