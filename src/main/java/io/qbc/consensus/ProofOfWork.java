package io.qbc.consensus;

import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Sha256;
import io.qbc.model.Signatures;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Engine {@code pow}: the quant hash, read as a number, must not be above 2^256 / difficulty.
 *
 * <p>Parameter: {@code difficulty}, the hashes that a quant costs on average. Consensus fields: the difficulty in 8
 * bytes. Proof: an 8-byte nonce. Weight: the difficulty. No seals.
 */
public final class ProofOfWork implements Engine {
    private static final int NONCE_BYTES = 8;

    private final long difficulty;
    private final Hash target;
    private final Bytes fields;

    public ProofOfWork(ChainSpec.Consensus spec) {
        difficulty = spec.number("difficulty");
        target = target(difficulty);
        fields = new Encoder(8).u64(difficulty).toBytes();
    }

    @Override
    public Optional<Refusal> due(Header parent, Bytes self, long timestamp) {
        return Optional.empty();
    }

    @Override
    public Bytes prepare(Header parent, long timestamp) {
        return fields;
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        byte[] bytes = Canonical.header(draft.withProof(Bytes.wrap(new byte[NONCE_BYTES])));
        return new Search(draft, bytes, chance)::step;
    }

    @Override
    public Optional<Refusal> check(Outline quant, Header parent, Signatures signatures) {
        Header header = quant.header();
        if (!header.consensus().equals(fields)) {
            return Optional.of(Reason.CONSENSUS_FIELDS.refusal("the difficulty must be " + difficulty));
        }
        if (!quant.seals().isEmpty()) {
            return Optional.of(Reason.SEAL_INVALID.refusal("a proof of work has no seals"));
        }
        if (header.proof().size() != NONCE_BYTES) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the nonce must have 8 bytes"));
        }
        if (quant.hash().compareTo(target) > 0) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the quant hash must not be above " + target.hex()));
        }
        return Optional.empty();
    }

    @Override
    public BigInteger weight(Header header) {
        return header.height() == 0 ? BigInteger.ZERO : BigInteger.valueOf(difficulty);
    }

    /** 2^256 / difficulty, cut to the largest 256-bit number. */
    private static Hash target(long difficulty) {
        BigInteger largest = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        byte[] digits = BigInteger.ONE
                .shiftLeft(256)
                .divide(BigInteger.valueOf(difficulty))
                .min(largest)
                .toByteArray();
        byte[] padded = new byte[Hash.BYTES];
        int size = Math.min(digits.length, Hash.BYTES);
        System.arraycopy(digits, digits.length - size, padded, Hash.BYTES - size, size);
        return Hash.at(padded, 0);
    }

    private static byte[] nonce(long value) {
        return ByteBuffer.allocate(NONCE_BYTES).putLong(value).array();
    }

    private final class Search {
        private final Header draft;
        private final byte[] bytes;
        private long nonce;

        Search(Header draft, byte[] bytes, long chance) {
            this.draft = draft;
            this.bytes = bytes;
            this.nonce = chance;
        }

        Optional<Sealing.Sealed> step(int attempts) {
            for (int i = 0; i < attempts; i++) {
                byte[] proof = nonce(nonce++);
                System.arraycopy(proof, 0, bytes, bytes.length - NONCE_BYTES, NONCE_BYTES);
                if (Sha256.of(bytes, 0, bytes.length).compareTo(target) <= 0) {
                    return Optional.of(new Sealing.Sealed(draft.withProof(Bytes.wrap(proof)), List.of()));
                }
            }
            return Optional.empty();
        }
    }
}
