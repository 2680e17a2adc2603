package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.util.List;
import java.util.Optional;

/** The one seal of the engines in which the producer signs: no proof, and its signature over the quant hash. */
public final class ProducerSeal {
    /** How many seals a quant has. */
    public static final int COUNT = 1;

    private ProducerSeal() {}

    /** Seals in one step. */
    public static Sealing by(Header draft, Signer signer) {
        return attempts -> {
            Header header = draft.withProof(Bytes.EMPTY);
            Bytes signature = signer.sign(Canonical.sealSigned(header.hash()));
            return Optional.of(new Sealing.Sealed(header, List.of(new Seal(signer.key(), signature))));
        };
    }

    /** What is wrong with a quant's proof and seals; empty if nothing is. */
    public static Optional<Refusal> check(CompactQuant quant, Signatures signatures) {
        Header header = quant.header();
        if (!header.proof().isEmpty()) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the proof must be empty, the seal takes its place"));
        }
        if (quant.seals().size() != COUNT || !quant.seals().get(0).key().equals(header.producer())) {
            return Optional.of(Reason.SEAL_INVALID.refusal("there must be one seal, by the producer"));
        }
        Seal seal = quant.seals().get(0);
        if (!signatures.verify(seal.key(), Canonical.sealSigned(quant.hash()), seal.signature())) {
            return Optional.of(Reason.SEAL_INVALID.refusal("the producer's signature is not valid"));
        }
        return Optional.empty();
    }

    /** The refusal of a key that has no part in the chain. */
    public static Refusal notListed(Bytes key) {
        return Reason.PRODUCER_NOT_PERMITTED.refusal("the key " + key.hex() + " is not a participant of the chain");
    }
}
