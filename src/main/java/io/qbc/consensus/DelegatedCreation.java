package io.qbc.consensus;

import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Header;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Engine {@code dbc}, delegated block creation: the keys that the spec lists may create, and the creator signs.
 *
 * <p>Parameter: the participants. No consensus fields, no proof; one seal, by the producer. Weight: 1 a quant.
 */
public final class DelegatedCreation implements Engine {
    private final List<Bytes> delegates;

    public DelegatedCreation(ChainSpec.Consensus spec) {
        delegates = spec.participants();
    }

    @Override
    public Optional<Refusal> due(Header parent, Bytes self, long timestamp) {
        return delegates.contains(self) ? Optional.empty() : Optional.of(notListed(self));
    }

    @Override
    public Bytes prepare(Header parent, long timestamp) {
        return Bytes.EMPTY;
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        return attempts -> {
            Header header = draft.withProof(Bytes.EMPTY);
            Bytes signature = signer.sign(Canonical.sealSigned(header.hash()));
            return Optional.of(new Sealing.Sealed(header, List.of(new Seal(signer.key(), signature))));
        };
    }

    @Override
    public Optional<Refusal> check(Outline quant, Header parent, Signatures signatures) {
        Header header = quant.header();
        if (!header.consensus().isEmpty()) {
            return Optional.of(Reason.CONSENSUS_FIELDS.refusal("dbc has no consensus fields"));
        }
        if (!header.proof().isEmpty()) {
            return Optional.of(Reason.PROOF_INVALID.refusal("dbc has no proof"));
        }
        if (!delegates.contains(header.producer())) {
            return Optional.of(notListed(header.producer()));
        }
        if (quant.seals().size() != 1 || !quant.seals().get(0).key().equals(header.producer())) {
            return Optional.of(Reason.SEAL_INVALID.refusal("there must be one seal, by the producer"));
        }
        Seal seal = quant.seals().get(0);
        if (!signatures.verify(seal.key(), Canonical.sealSigned(quant.hash()), seal.signature())) {
            return Optional.of(Reason.SEAL_INVALID.refusal("the producer's signature is not valid"));
        }
        return Optional.empty();
    }

    @Override
    public BigInteger weight(Header header) {
        return header.height() == 0 ? BigInteger.ZERO : BigInteger.ONE;
    }

    private static Refusal notListed(Bytes key) {
        return Reason.PRODUCER_NOT_PERMITTED.refusal("the key " + key.hex() + " is not a participant of the chain");
    }
}
