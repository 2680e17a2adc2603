package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Parent;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Canonical;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Header;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import io.qbc.model.Signer;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DelegatedCreationTest {
    private static final ChainSpec SPEC = Samples.dbc("main");
    private static final Engine ENGINE = Engines.of(SPEC.consensus()).orElseThrow();
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
    private final Sealed sealed = seal(draft, Samples.SIGNER);

    @Test
    void acceptsWhatAParticipantSeals() {
        assertThat(sealed.header().proof()).isEqualTo(Bytes.EMPTY);
        assertThat(sealed.seals()).hasSize(1);
        assertThat(check(sealed.header(), sealed.seals())).isEmpty();
    }

    @Test
    void asksForAParticipant() {
        assertThat(ENGINE.turn(GENESIS, Samples.SIGNER.key(), 0)).isEqualTo(new Turn.Now());
        Turn.Never never = (Turn.Never) ENGINE.turn(GENESIS, Samples.OTHER.key(), 0);
        assertThat(never.refusal().reason()).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
        Sealed foreign = seal(HeaderEdit.of(draft, h -> h.producer = Samples.OTHER.key()), Samples.OTHER);
        assertThat(reason(foreign.header(), foreign.seals())).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
        Sealed nobody = seal(HeaderEdit.of(draft, h -> h.producer = Bytes.EMPTY), Samples.SIGNER);
        assertThat(reason(nobody.header(), nobody.seals())).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
    }

    @Test
    void takesEveryParticipantButNotOneInTheNameOfAnother() {
        List<Bytes> both = List.of(Samples.SIGNER.key(), Samples.OTHER.key());
        Engine engine = Engines.of(new ChainSpec.Consensus("dbc", new TreeMap<>(), both))
                .orElseThrow();
        Header others = HeaderEdit.of(draft, h -> h.producer = Samples.OTHER.key());
        Sealed second = seal(others, Samples.OTHER);
        CompactQuant good = new CompactQuant(second.header(), second.seals(), List.of());
        assertThat(engine.check(good, GENESIS, Ed25519.VERIFIER)).isEmpty();
        Sealed borrowed = seal(others, Samples.SIGNER);
        CompactQuant bad = new CompactQuant(borrowed.header(), borrowed.seals(), List.of());
        assertThat(engine.check(bad, GENESIS, Ed25519.VERIFIER).orElseThrow().reason())
                .isEqualTo(Reason.SEAL_INVALID);
    }

    @Test
    void wantsExactlyOneSealByTheProducerOverTheQuantHash() {
        Header header = sealed.header();
        Seal good = sealed.seals().get(0);
        byte[] message = Canonical.sealSigned(header.hash());
        Seal byOther = new Seal(Samples.OTHER.key(), Samples.OTHER.sign(message));
        Seal inTheName = new Seal(Samples.SIGNER.key(), Samples.OTHER.sign(message));
        Seal overTheBareHash =
                new Seal(Samples.SIGNER.key(), Samples.SIGNER.sign(header.hash().bytes()));
        Seal empty = new Seal(Samples.SIGNER.key(), Bytes.EMPTY);
        Seal longer = new Seal(Samples.SIGNER.key(), Bytes.hex(good.signature().hex() + "00"));
        for (List<Seal> seals : List.of(
                List.<Seal>of(),
                List.of(byOther),
                List.of(inTheName),
                List.of(overTheBareHash),
                List.of(empty),
                List.of(longer),
                List.of(good, good),
                List.of(good, byOther))) {
            assertThat(reason(header, seals)).isEqualTo(Reason.SEAL_INVALID);
        }
        Header later = HeaderEdit.of(header, h -> h.timestamp++);
        assertThat(reason(later, sealed.seals()))
                .as("a seal over another quant")
                .isEqualTo(Reason.SEAL_INVALID);
    }

    @Test
    void hasNoFieldsAndNoProof() {
        Header fields = HeaderEdit.of(draft, h -> h.consensus = Bytes.hex("00"));
        assertThat(reason(fields, seal(fields, Samples.SIGNER).seals())).isEqualTo(Reason.CONSENSUS_FIELDS);
        Header proof = draft.withProof(Bytes.hex("00"));
        Seal seal = new Seal(Samples.SIGNER.key(), Samples.SIGNER.sign(Canonical.sealSigned(proof.hash())));
        assertThat(reason(proof, List.of(seal))).isEqualTo(Reason.PROOF_INVALID);
    }

    @Test
    void weighsOne() {
        assertThat(ENGINE.weight(draft, GENESIS, Bytes.EMPTY)).isEqualTo(BigInteger.ONE);
    }

    private static Sealed seal(Header header, Signer signer) {
        return ENGINE.seal(header, signer, 0).step(1).orElseThrow();
    }

    private static Optional<Refusal> check(Header header, List<Seal> seals) {
        return ENGINE.check(new CompactQuant(header, seals, List.of()), GENESIS, Ed25519.VERIFIER);
    }

    private static Reason reason(Header header, List<Seal> seals) {
        return check(header, seals).orElseThrow().reason();
    }
}
