package io.qbc.consensus;

import io.qbc.model.Bytes;
import io.qbc.model.Header;
import io.qbc.model.Outline;
import io.qbc.model.Refusal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.Optional;

/** One proof system: who may make the next quant, how it is sealed, and how a quant and a branch are judged. */
public interface Engine {
    /** Why {@code self} may not make the quant after {@code parent} at {@code timestamp}; empty if it may. */
    Optional<Refusal> due(Header parent, Bytes self, long timestamp);

    /** The consensus fields of the quant after {@code parent} at {@code timestamp}. */
    Bytes prepare(Header parent, long timestamp);

    /**
     * Begins to seal a draft whose fields are all set but the proof.
     *
     * @param chance where a search begins, so that two nodes do not try the same
     */
    Sealing seal(Header draft, Signer signer, long chance);

    /** The rule of this engine that the quant breaks, judged by its parent; empty if none. */
    Optional<Refusal> check(Outline quant, Header parent, Signatures signatures);

    /** What one quant adds to the weight of its branch; the genesis quant adds nothing. */
    BigInteger weight(Header header);
}
