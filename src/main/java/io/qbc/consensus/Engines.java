package io.qbc.consensus;

import io.qbc.model.ChainSpec;
import java.util.Optional;

/** The engines by the name that a chain's spec gives. */
public final class Engines {
    private Engines() {}

    /** The engine of a chain, or nothing if no engine has that name. */
    public static Optional<Engine> of(ChainSpec.Consensus spec) {
        return switch (spec.engine()) {
            case "pow" -> Optional.of(new ProofOfWork(spec));
            case "dbc" -> Optional.of(new DelegatedCreation(spec));
            default -> Optional.empty();
        };
    }
}
