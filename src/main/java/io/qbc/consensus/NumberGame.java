package io.qbc.consensus;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.Sealing;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Turn;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Sha256;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;

/**
 * Engine {@code classic}, the number game: the number after the last one that both 19 and the last one divide. Numbers
 * run 19, 38, 76 and so on, and begin anew at 19 before one has more than {@code bytes} bytes.
 *
 * <p>Consensus fields: the number. Proof: the number times (1 + c), c being H("qbc/classic/1" ‖ header without its
 * proof) read as a number, so that 19 and every earlier number divide the proof, and other content needs another proof.
 * Both are unsigned, big-endian and without leading zeros. Weight: 1 a quant. It costs nothing to make a quant: this
 * engine teaches, it protects nothing.
 */
public final class NumberGame implements Engine {
    static final Parameter BYTES = new Parameter("bytes", 8, 4096, 64);
    static final List<Parameter> PARAMETERS = List.of(BYTES);
    private static final BigInteger FIRST = BigInteger.valueOf(19);
    private static final byte[] TAG = Bytes.utf8("qbc/classic/1").toArray();

    private final long bytesMax;

    public NumberGame(ChainSpec.Consensus spec) {
        bytesMax = BYTES.of(spec);
    }

    @Override
    public Turn turn(Parent parent, Bytes self, long now) {
        return new Turn.Now();
    }

    @Override
    public Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord) {
        return bytes(number(parent.header()));
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        return attempts -> Optional.of(new Sealing.Sealed(draft.withProof(proof(draft)), List.of()));
    }

    @Override
    public Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures) {
        return quant.header().consensus().size() > bytesMax
                ? Optional.of(Reason.CONSENSUS_FIELDS.refusal("the number has more than " + bytesMax + " bytes"))
                : proven(quant);
    }

    @Override
    public Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures) {
        BigInteger number = number(parent.header());
        return quant.header().consensus().equals(bytes(number))
                ? proven(quant)
                : Optional.of(Reason.CONSENSUS_FIELDS.refusal("the number must be " + number));
    }

    private static Optional<Refusal> proven(CompactQuant quant) {
        Header header = quant.header();
        if (!quant.seals().isEmpty()) {
            return Optional.of(Reason.SEAL_INVALID.refusal("the number game has no seals"));
        }
        if (!header.proof().equals(proof(header))) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the proof must be the number times (1 + content hash)"));
        }
        return Optional.empty();
    }

    @Override
    public BigInteger weight(Header header, Parent parent, Bytes state) {
        return BigInteger.ONE;
    }

    @Override
    public Status status(Parent head, long now) {
        return Status.plain("classic", List.of(), Optional.empty());
    }

    /** The number after the parent's; the genesis quant has none. */
    private BigInteger number(Header parent) {
        if (parent.isGenesis()) {
            return FIRST;
        }
        BigInteger next = number(parent.consensus()).shiftLeft(1);
        return (next.bitLength() + 7) / 8 > bytesMax ? FIRST : next;
    }

    private static Bytes proof(Header header) {
        byte[] prefix = Canonical.header(header.withProof(Bytes.EMPTY));
        Hash content = Sha256.of(TAG, prefix);
        BigInteger factor = new BigInteger(1, content.bytes()).add(BigInteger.ONE);
        return bytes(number(header.consensus()).multiply(factor));
    }

    private static BigInteger number(Bytes bytes) {
        return new BigInteger(1, bytes.toArray());
    }

    private static Bytes bytes(BigInteger number) {
        byte[] signed = number.toByteArray();
        return signed[0] == 0 ? Bytes.wrap(signed, 1, signed.length - 1) : Bytes.wrap(signed);
    }
}
