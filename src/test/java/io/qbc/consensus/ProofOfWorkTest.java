package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.Sealing;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProofOfWorkTest {
    private static final ChainSpec SPEC = Samples.pow("main");
    private static final Engine ENGINE = engine(16);
    private static final Parent GENESIS = new Parent(SPEC.genesis(), SPEC.id(), Bytes.EMPTY);

    private final Header draft = Draft.on(
                    Tip.genesis(SPEC),
                    SPEC.id(),
                    List.of(),
                    ENGINE,
                    Samples.SIGNER,
                    SigningRecord.NONE,
                    Samples.GENESIS_TIME + 1)
            .header();

    private static Engine engine(long difficulty) {
        return Engines.of(new ChainSpec.Consensus("pow", new TreeMap<>(Map.of("difficulty", difficulty)), List.of()))
                .orElseThrow();
    }

    @Test
    void acceptsWhatItSeals() {
        Sealed sealed = seal(ENGINE, draft, 0);
        assertThat(sealed.seals()).isEmpty();
        assertThat(sealed.header().proof().size()).isEqualTo(8);
        assertThat(sealed.header().withProof(Bytes.EMPTY)).isEqualTo(draft);
        assertThat(check(ENGINE, sealed.header())).isEmpty();
    }

    /** The hash must not be above 2^256 / difficulty; recomputed here with big numbers. */
    @Test
    void drawsTheLineWhereTheDifficultySays() {
        BigInteger most = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        for (long difficulty : new long[] {1, 2, 3, 5, 16, 200, 1L << 53}) {
            Engine engine = engine(difficulty);
            BigInteger target = BigInteger.ONE
                    .shiftLeft(256)
                    .divide(BigInteger.valueOf(difficulty))
                    .min(most);
            Header fields = HeaderEdit.of(
                    draft, h -> h.consensus = engine.prepare(GENESIS, 0, Samples.SIGNER, SigningRecord.NONE));
            int passed = 0;
            for (long nonce = 0; nonce < 500; nonce++) {
                Header header = fields.withProof(nonce(nonce));
                boolean below = new BigInteger(1, header.hash().bytes()).compareTo(target) <= 0;
                assertThat(check(engine, header).isEmpty())
                        .as("%d at %d", nonce, difficulty)
                        .isEqualTo(below);
                passed += below ? 1 : 0;
            }
            assertThat(passed > 0).isEqualTo(difficulty < 1000);
        }
    }

    @Test
    void searchesInSteps() {
        Sealed whole = seal(ENGINE, draft, 0);
        Sealing steps = ENGINE.seal(draft, Samples.SIGNER, 0);
        assertThat(steps.step(0)).isEmpty();
        int attempts = 0;
        Optional<Sealed> found = Optional.empty();
        while (found.isEmpty()) {
            found = steps.step(1);
            attempts++;
        }
        assertThat(found).contains(whole);
        assertThat(nonce(attempts - 1)).isEqualTo(whole.header().proof());
    }

    @Test
    void beginsWhereChanceSaysAndGoesRoundTheEnd() {
        Sealed late = seal(ENGINE, draft, 1_000_000);
        assertThat(late.header().proof().hex()).startsWith("00000000000f4");
        assertThat(check(ENGINE, seal(ENGINE, draft, -1).header())).isEmpty();
        assertThat(check(ENGINE, seal(ENGINE, draft, Long.MAX_VALUE).header())).isEmpty();
    }

    @Test
    void costsAboutItsDifficulty() {
        long hashes = 0;
        for (int i = 0; i < 400; i++) {
            long time = i;
            Header header = HeaderEdit.of(draft, h -> h.timestamp += time);
            hashes += ByteBuffer.wrap(seal(ENGINE, header, 0).header().proof().toArray())
                            .getLong()
                    + 1;
        }
        assertThat(hashes / 400.0).isBetween(12.0, 20.0);
    }

    @Test
    void refusesOtherFields() {
        for (String fields : new String[] {"", "0000000000000011", "000000000000000f", "10", "000000000000000010"}) {
            Header header = HeaderEdit.of(draft, h -> h.consensus = Bytes.hex(fields));
            assertThat(reason(seal(ENGINE, header, 0).header())).isEqualTo(Reason.CONSENSUS_FIELDS);
        }
    }

    @Test
    void refusesOtherProofs() {
        Header sealed = seal(ENGINE, draft, 0).header();
        for (String proof : new String[] {
            "", "00", sealed.proof().hex().substring(2), sealed.proof().hex() + "00"
        }) {
            assertThat(reason(sealed.withProof(Bytes.hex(proof)))).isEqualTo(Reason.PROOF_INVALID);
        }
    }

    @Test
    void refusesSeals() {
        Header sealed = seal(ENGINE, draft, 0).header();
        Seal seal = new Seal(Samples.SIGNER.key(), Samples.SIGNER.sign(new byte[0]));
        Optional<Refusal> refusal =
                ENGINE.check(new CompactQuant(sealed, List.of(seal), List.of()), GENESIS, Ed25519.VERIFIER);
        assertThat(refusal.orElseThrow().reason()).isEqualTo(Reason.SEAL_INVALID);
    }

    @Test
    void weighsTheDifficulty() {
        assertThat(ENGINE.weight(draft, GENESIS, Bytes.EMPTY)).isEqualTo(BigInteger.valueOf(16));
        assertThat(engine(1L << 53).weight(draft, GENESIS, Bytes.EMPTY)).isEqualTo(BigInteger.ONE.shiftLeft(53));
    }

    @Test
    void letsAnybodyMakeAQuant() {
        assertThat(ENGINE.turn(GENESIS, Samples.OTHER.key(), 0)).isEqualTo(new Turn.Now());
        assertThat(ENGINE.prepare(GENESIS, 0, Samples.OTHER, SigningRecord.NONE).hex())
                .isEqualTo("0000000000000010");
    }

    @Test
    void hasNoEngineOfAnotherName() {
        assertThat(Engines.of(new ChainSpec.Consensus("POW", new TreeMap<>(), List.of())))
                .isEmpty();
    }

    private static Sealed seal(Engine engine, Header header, long chance) {
        return engine.seal(header, Samples.SIGNER, chance).step(1_000_000).orElseThrow();
    }

    private static Optional<Refusal> check(Engine engine, Header header) {
        return engine.check(new CompactQuant(header, List.of(), List.of()), GENESIS, Ed25519.VERIFIER);
    }

    private static Reason reason(Header header) {
        return check(ENGINE, header).orElseThrow().reason();
    }

    private static Bytes nonce(long value) {
        return Bytes.wrap(ByteBuffer.allocate(8).putLong(value).array());
    }
}
