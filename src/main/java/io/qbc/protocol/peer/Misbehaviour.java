package io.qbc.protocol.peer;

import io.qbc.model.Reason;
import io.qbc.model.Verdict;
import java.util.Locale;
import java.util.Optional;

/**
 * A misbehaviour that no honest node shows, with its points. Only that counts which a sender must have seen itself
 * before it sent: whoever passes on what it has checked is never blamed.
 */
public enum Misbehaviour {
    /** A quant that breaks a rule which is the same for all nodes at all times. */
    INVALID_QUANT(50),
    /** Transactions that break a rule of their chain. */
    INVALID_TRANSACTION(25),
    /** A signature that is not that of the key which it is shown with. */
    INVALID_SIGNATURE(50),
    /** A frame of this version that is no message of the protocol. */
    MALFORMED_MESSAGE(10),
    /** A head that the peer claims and does not deliver. */
    FALSE_HEAD(20),
    /** Quants or transactions that nobody asked for. */
    UNASKED_DATA(20),
    /** Quants that do not connect to what was asked for, or are not complete. */
    LOOSE_QUANTS(10),
    /** A spec that has another id than the chain that was asked for. */
    FALSE_SPEC(50),
    /** A call beyond the rate that one caller may have. */
    FLOOD(1),
    /** At its address a key was banned. */
    BANNED_KEY(34);

    private final int points;

    Misbehaviour(int points) {
        this.points = points;
    }

    /** How much it counts. */
    public int points() {
        return points;
    }

    /** The stable code for programs: the name in lower case. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What a verdict on a quant says of who sent it. */
    public static Optional<Misbehaviour> of(Verdict verdict) {
        return verdict instanceof Verdict.Refused refused
                        && invalid(refused.refusal().reason())
                ? Optional.of(INVALID_QUANT)
                : Optional.empty();
    }

    /**
     * Whether every node finds so, whenever it looks. What depends on clocks, on what is final or pinned here, on the
     * branch that a node is on, or on its load does not count.
     */
    private static boolean invalid(Reason reason) {
        return switch (reason) {
            case TRANSACTION_MALFORMED, TRANSACTION_VERSION, TRANSACTION_CHAIN, TRANSACTION_TOO_LARGE -> true;
            case TRANSACTION_ID, TRANSACTION_TWICE, COMMITMENT_MISMATCH, RULES_BROKEN, SCHEMA_VERSION -> true;
            case PAYLOAD_INVALID, SIGNATURE_INVALID -> true;
            case QUANT_MALFORMED, QUANT_CHAIN, QUANT_HASH, QUANT_HEIGHT, QUANT_TIME_EARLY, QUANT_COUNT -> true;
            case QUANT_TREE_SIZE, QUANT_ROOT, QUANT_TOO_LARGE, QUANT_TOO_MANY -> true;
            case CONSENSUS_FIELDS, PROOF_INVALID, SEAL_INVALID, PRODUCER_NOT_PERMITTED -> true;
            default -> false;
        };
    }
}
