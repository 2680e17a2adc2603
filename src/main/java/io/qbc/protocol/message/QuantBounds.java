package io.qbc.protocol.message;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.model.ChainSpec;

/**
 * The bounds of one chain's quants, to which a decoder holds a frame before it makes a list.
 *
 * @param transactionsMax how many transactions a quant holds
 * @param sealsMax how many seals it has
 */
public record QuantBounds(int transactionsMax, int sealsMax) {
    /** For a chain that is not here: what a spec permits that says nothing of it, and the seals of any engine. */
    public static final QuantBounds UNKNOWN = new QuantBounds(100_000, Engines.SEALS_MAX);

    public static QuantBounds of(ChainSpec spec) {
        return new QuantBounds(
                spec.limits().quantTransactionsMax(),
                Engines.of(spec.consensus()).map(Engine::sealsMax).orElse(Engines.SEALS_MAX));
    }
}
