package io.qbc.consensus;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.EngineOperation;
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
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Header;
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
 * <p>The difficulty is what a quant costs in hashes on average: fixed while {@code spacing} is 0, else retargeted by
 * {@link Asert} from the first quant after the genesis quant on. Consensus fields: the difficulty in 8 bytes. Proof: an
 * 8-byte nonce. Weight: the difficulty. No seals. State: that first quant's timestamp, if the difficulty moves.
 */
public final class ProofOfWork implements Engine {
    static final Parameter DIFFICULTY = new Parameter("difficulty", 1, 1L << 53, 1 << 16);
    static final Parameter SPACING = new Parameter("spacing", 0, 86_400_000, 0);
    static final Parameter HALF_LIFE = new Parameter("halfLife", 0, 31_536_000_000L, 0);
    static final Parameter LEAST = new Parameter("difficultyLeast", 1, 1L << 53, 1);
    static final Parameter MOST = new Parameter("difficultyMost", 1, 1L << 53, 1L << 53);
    static final List<Parameter> PARAMETERS = List.of(DIFFICULTY, SPACING, HALF_LIFE, LEAST, MOST);
    private static final int NONCE_BYTES = 8;
    private static final int HALF_LIFE_QUANTS = 288;

    private final long first;
    private final long least;
    private final long most;
    private final Optional<Asert> asert;

    public ProofOfWork(ChainSpec.Consensus spec) {
        first = DIFFICULTY.of(spec);
        long spacing = SPACING.of(spec);
        long halfLife = HALF_LIFE.of(spec) > 0 ? HALF_LIFE.of(spec) : HALF_LIFE_QUANTS * spacing;
        least = spacing == 0 ? first : Math.min(LEAST.of(spec), first);
        most = spacing == 0 ? first : Math.max(MOST.of(spec), first);
        asert = spacing == 0 ? Optional.empty() : Optional.of(new Asert(first, least, most, spacing, halfLife));
    }

    @Override
    public Turn turn(Parent parent, Bytes self, long now) {
        return new Turn.Now();
    }

    @Override
    public Bytes prepare(Parent parent, long timestamp, Signer self, SigningRecord signingRecord) {
        return fields(difficulty(parent));
    }

    @Override
    public Sealing seal(Header draft, Signer signer, long chance) {
        byte[] bytes = Canonical.header(draft.withProof(Bytes.wrap(new byte[NONCE_BYTES])));
        return new Search(draft, bytes, target(Math.max(1, new Decoder(draft.consensus()).u64())), chance)::step;
    }

    /** The work must be what the header claims, and the claim must be one that the chain may come to ask for. */
    @Override
    public Optional<Refusal> checkAlone(CompactQuant quant, Signatures signatures) {
        Bytes fields = quant.header().consensus();
        long claimed = fields.size() == Long.BYTES ? new Decoder(fields).u64() : 0;
        return claimed < least || claimed > most
                ? Optional.of(Reason.CONSENSUS_FIELDS.refusal("the difficulty is " + least + " to " + most))
                : proven(quant, claimed);
    }

    @Override
    public Optional<Refusal> check(CompactQuant quant, Parent parent, Signatures signatures) {
        long difficulty = difficulty(parent);
        return quant.header().consensus().equals(fields(difficulty))
                ? proven(quant, difficulty)
                : Optional.of(Reason.CONSENSUS_FIELDS.refusal("the difficulty must be " + difficulty));
    }

    private static Optional<Refusal> proven(CompactQuant quant, long difficulty) {
        Header header = quant.header();
        if (!quant.seals().isEmpty()) {
            return Optional.of(Reason.SEAL_INVALID.refusal("a proof of work has no seals"));
        }
        if (header.proof().size() != NONCE_BYTES) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the nonce must have 8 bytes"));
        }
        Hash target = target(difficulty);
        if (quant.hash().compareTo(target) > 0) {
            return Optional.of(Reason.PROOF_INVALID.refusal("the quant hash must not be above " + target.hex()));
        }
        return Optional.empty();
    }

    @Override
    public Bytes next(
            Parent parent, CompactQuant quant, List<EngineOperation> engineOperations, Signatures signatures) {
        if (asert.isEmpty() || !parent.header().isGenesis()) {
            return parent.state();
        }
        Header anchor = quant.header();
        return new Encoder(16).u64(anchor.timestamp()).u64(anchor.height()).toBytes();
    }

    @Override
    public BigInteger weight(Header header, Parent parent, Bytes state) {
        return BigInteger.valueOf(difficulty(parent));
    }

    @Override
    public Status status(Parent head, long now) {
        String work = "the next quant takes " + difficulty(head) + " hashes on average";
        return new Status("pow", List.of(), Optional.empty(), 0, 0, 0, List.of(), List.of(work));
    }

    /** The difficulty of the quant after {@code parent}. */
    private long difficulty(Parent parent) {
        Header before = parent.header();
        if (asert.isEmpty() || before.isGenesis()) {
            return first;
        }
        Decoder anchor = new Decoder(parent.state());
        long since = before.timestamp() - anchor.u64();
        return asert.get().difficulty(before.height() - anchor.u64(), since);
    }

    private static Bytes fields(long difficulty) {
        return new Encoder(8).u64(difficulty).toBytes();
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

    private static final class Search {
        private final Header draft;
        private final byte[] bytes;
        private final Hash target;
        private long nonce;

        Search(Header draft, byte[] bytes, Hash target, long chance) {
            this.draft = draft;
            this.bytes = bytes;
            this.target = target;
            this.nonce = chance;
        }

        Optional<Sealing.Sealed> step(int attempts) {
            for (int i = 0; i < attempts; i++) {
                byte[] proof = ByteBuffer.allocate(NONCE_BYTES).putLong(nonce++).array();
                System.arraycopy(proof, 0, bytes, bytes.length - NONCE_BYTES, NONCE_BYTES);
                if (Sha256.of(bytes, 0, bytes.length).compareTo(target) <= 0) {
                    return Optional.of(new Sealing.Sealed(draft.withProof(Bytes.wrap(proof)), List.of()));
                }
            }
            return Optional.empty();
        }
    }
}
