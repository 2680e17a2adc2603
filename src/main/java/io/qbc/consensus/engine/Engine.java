package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * One proof system: who may make the next quant, how it is sealed, how a quant and a branch are judged, and the state
 * that follows from the chain alone. What is not overridden is right for an engine without state, slots and votes.
 */
public interface Engine {
    /** The state of the genesis quant. */
    default Bytes genesis() {
        return Bytes.EMPTY;
    }

    /** When {@code self} may make the quant after {@code parent}; {@code now} in milliseconds since 1970. */
    Turn turn(Parent parent, Bytes self, long now);

    /**
     * The consensus fields of the quant that {@code self} makes after {@code parent} at {@code timestamp}.
     *
     * @param signingRecord what {@code self} has bound itself to so far
     */
    Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord);

    /** What sealing this draft binds its producer to; nothing if it contradicts what the key has signed before. */
    default Optional<SigningRecord> promise(Header draft, SigningRecord before) {
        return Optional.of(before);
    }

    /**
     * Begins to seal a draft whose fields are all set but the proof.
     *
     * @param chance where a search begins, so that two nodes do not try the same
     */
    Sealing seal(Header draft, Signer signer, long chance);

    /** How many seals a quant has at most, so that more are refused before they are kept. */
    default int sealsMax() {
        return 0;
    }

    /**
     * The rule of this engine that the quant breaks whatever its parent is; empty if none. Who judges a quant whose
     * parent is not here knows no more of it, and a quant that passes must have cost its maker something, where the
     * engine makes quants cost anything.
     */
    Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures);

    /** The rule of this engine that the quant breaks, judged by its parent; empty if none. */
    Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures);

    /** The state after a valid quant, with its operations in order. */
    default Bytes next(
            Parent parent, CompactQuant quant, List<EngineOperation> engineOperations, Signatures signatures) {
        return Bytes.EMPTY;
    }

    /** What one valid quant adds to the weight of its branch, {@code state} being the one after it; above zero. */
    BigInteger weight(Header header, Parent parent, Bytes state);

    /** The height that can no longer revert once {@code parent} is in the chain; 0 is the genesis quant alone. */
    default long finality(Parent parent) {
        return 0;
    }

    /** The slot that a seal on this header is for, or -1 where a seal binds to nothing. */
    default long slot(Header header) {
        return -1;
    }

    /**
     * What a key takes for signed that does not know what it signed before.
     *
     * @param head the newest quant that it has heard of
     * @param now milliseconds since 1970
     */
    default SigningRecord forgotten(Parent head, long now) {
        return SigningRecord.NONE;
    }

    /** Whether one producer's two headers are more than an honest one would seal. */
    default boolean conflict(Header one, Header other) {
        return false;
    }

    /** The vote that {@code self} owes on this head; nothing if none. */
    default Optional<Duty> duty(Parent head, Bytes self, SigningRecord signingRecord) {
        return Optional.empty();
    }

    /** How things stand on this head at {@code now}, milliseconds since 1970. */
    Status status(Parent head, long now);
}
