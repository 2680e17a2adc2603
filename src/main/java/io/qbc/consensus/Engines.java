package io.qbc.consensus;

import io.qbc.consensus.authority.ProofOfAuthority;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.OperationForm;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.engine.ProducerSeal;
import io.qbc.consensus.stake.StakeEngine;
import io.qbc.model.ChainSpec;
import java.util.List;
import java.util.Optional;

/** The engines by the name that a chain's spec gives. */
public final class Engines {
    /** All names, in the order in which they are documented. */
    public static final List<String> NAMES = List.of("classic", "pow", "dbc", "poa", "pos", "dpos");

    /** The most seals that a quant of any engine has, for quants of chains that are not here. */
    public static final int SEALS_MAX = ProducerSeal.COUNT;

    private Engines() {}

    /** The engine of a chain, or nothing if no engine has that name. */
    public static Optional<Engine> of(ChainSpec.Consensus spec) {
        return switch (spec.engine()) {
            case "classic" -> Optional.of(new NumberGame(spec));
            case "pow" -> Optional.of(new ProofOfWork(spec));
            case "dbc" -> Optional.of(new DelegatedCreation(spec));
            case "poa" -> Optional.of(new ProofOfAuthority(spec));
            case "pos" -> Optional.of(StakeEngine.pos(spec));
            case "dpos" -> Optional.of(StakeEngine.dpos(spec));
            default -> Optional.empty();
        };
    }

    /** The whole-number parameters of an engine; none if no engine has that name. */
    public static List<Parameter> parameters(String engine) {
        return switch (engine) {
            case "classic" -> NumberGame.PARAMETERS;
            case "pow" -> ProofOfWork.PARAMETERS;
            case "dbc" -> DelegatedCreation.PARAMETERS;
            case "poa" -> ProofOfAuthority.PARAMETERS;
            case "pos" -> StakeEngine.POS_PARAMETERS;
            case "dpos" -> StakeEngine.DPOS_PARAMETERS;
            default -> List.of();
        };
    }

    /** The operations of an engine that its participants ask for; none if no engine has that name. */
    public static List<OperationForm> operations(String engine) {
        return switch (engine) {
            case "poa" -> ProofOfAuthority.OPERATIONS;
            case "pos" -> StakeEngine.POS_OPERATIONS;
            case "dpos" -> StakeEngine.DPOS_OPERATIONS;
            default -> List.of();
        };
    }

    /** How many participants a spec of this engine may list; 0 where it lists none. */
    public static int participantsMax(String engine) {
        return switch (engine) {
            case "dbc" -> 1000;
            case "poa" -> ProofOfAuthority.SIGNERS_MAX;
            case "pos", "dpos" -> StakeEngine.PARTICIPANTS_MAX;
            default -> 0;
        };
    }
}
