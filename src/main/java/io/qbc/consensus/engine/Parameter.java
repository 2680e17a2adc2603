package io.qbc.consensus.engine;

import io.qbc.model.ChainSpec;

/**
 * A whole-number parameter of an engine.
 *
 * @param name its name in the spec
 * @param least the lowest value permitted
 * @param most the highest value permitted
 * @param standard its value where the spec leaves it out
 */
public record Parameter(String name, long least, long most, long standard) {
    /** Its value in a spec. */
    public long of(ChainSpec.Consensus spec) {
        return spec.numbers().getOrDefault(name, standard);
    }
}
