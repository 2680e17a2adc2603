package io.qbc.consensus;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Chance;
import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.engine.Parameter;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Seal;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every engine. */
class EngineConformanceTest {
    private static final Signer OUTSIDER = CheapSigner.of("outsider");
    private static final EnumSet<Reason> JUDGED = EnumSet.of(
            Reason.CONSENSUS_FIELDS,
            Reason.PROOF_INVALID,
            Reason.SEAL_INVALID,
            Reason.PRODUCER_NOT_PERMITTED,
            Reason.NOT_DUE);

    static Stream<Lab> labs() {
        return Stream.of(
                Lab.of("classic", 0, Map.of("bytes", 8L)),
                Lab.of("pow", 0, Map.of("difficulty", 4096L)),
                Lab.of("pow", 0, Map.of("difficulty", 64L, "spacing", 500L, "halfLife", 60_000L)),
                Lab.of("dbc", 2, Map.of()),
                Lab.of("dbc", 3, Map.of("turn", 1L, "timeout", 500L)),
                Lab.of("poa", 4, Map.of("period", 100L, "delay", 50L)),
                Lab.of("poa", 1, Map.of("period", 10L)),
                Lab.of("pos", 4, Map.of("period", 100L, "epoch", 4L), 10L, 20L, 30L, 40L),
                Lab.of("dpos", 5, Map.of("period", 100L, "epoch", 4L, "delegates", 3L)));
    }

    /** One quant of a history, on what it stands. */
    private record Step(Tip parent, Quant quant, Tip tip) {}

    private static final class History {
        private final Lab lab;
        private final Random random;
        private final Map<Bytes, SigningRecord> signingRecords = new TreeMap<>();
        private final List<Step> steps = new ArrayList<>();
        private Tip tip;
        private long now = Samples.GENESIS_TIME;

        History(Lab lab, Random random) {
            this.lab = lab;
            this.random = random;
            this.tip = lab.genesis();
        }

        List<Step> grow(int quants) {
            while (steps.size() < quants) {
                now += random.nextInt(200);
                attempt(lab.signer(random.nextInt(lab.signers().size())));
            }
            return steps;
        }

        private void attempt(Signer signer) {
            SigningRecord before = signingRecords.getOrDefault(signer.key(), SigningRecord.NONE);
            Turn turn = lab.engine().turn(tip.parent(), signer.key(), tip.timestamp(now));
            List<Transaction> content = content();
            Quant quant = lab.make(tip, signer, before, now, content);
            Outcome outcome = lab.judge(tip, quant);
            if (outcome instanceof Outcome.Broken broken) {
                assertThat(turn).isNotInstanceOf(Turn.Now.class);
                assertThat(broken.refusal().reason()).isIn(Reason.NOT_DUE, Reason.PRODUCER_NOT_PERMITTED);
                assertThat(turn instanceof Turn.Never)
                        .isEqualTo(broken.refusal().reason() == Reason.PRODUCER_NOT_PERMITTED);
            } else if (turn instanceof Turn.Now) {
                Optional<SigningRecord> after = lab.engine().promise(quant.header(), before);
                assertThat(after).isPresent();
                signingRecords.put(signer.key(), after.get());
                Tip next = ((Outcome.Valid) outcome).tip();
                steps.add(new Step(tip, quant, next));
                tip = next;
            } else {
                assertThat(turn instanceof Turn.Resting || ((Turn.At) turn).timestamp() > now)
                        .isTrue();
            }
        }

        private List<Transaction> content() {
            List<Transaction> content = new ArrayList<>(lab.duties(tip, signingRecords));
            if (random.nextInt(3) == 0) {
                Signer author = lab.signer(random.nextInt(lab.signers().size()));
                String type = List.of("qbc.poa.vote", "qbc.pos.bond", "qbc.pos.vote", "qbc.evidence", "qbc.dpos.vote")
                        .get(random.nextInt(5));
                String json = List.of("{}", "[]", "{\"amount\":5}", "{\"amount\":-1}", "\"x\"")
                        .get(random.nextInt(5));
                content.add(lab.order(author, type, json));
            }
            return content;
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void whatIsMadeInTurnIsValidAndTheRestIsNotDue(Lab lab) {
        assertThat(new History(lab, Chance.random()).grow(60)).hasSize(60);
    }

    @ParameterizedTest
    @MethodSource("labs")
    void everyNodeComputesTheSame(Lab lab) {
        List<Step> steps = new History(lab, Chance.random()).grow(40);
        Lab other = lab.again();
        Tip tip = other.genesis();
        assertThat(tip).isEqualTo(steps.get(0).parent());
        for (Step step : steps) {
            tip = other.after(tip, step.quant());
            assertThat(tip).isEqualTo(step.tip());
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void undoneAndRedoneIsAsItWas(Lab lab) {
        Random random = Chance.random();
        List<Step> steps = new History(lab, random).grow(40);
        for (int i = 0; i < 40; i++) {
            Step step = steps.get(random.nextInt(steps.size()));
            Bytes copy = Bytes.wrap(step.parent().state().toArray());
            Tip restored = new Tip(
                    step.parent().head(),
                    step.parent().frontier(),
                    step.parent().times(),
                    copy);
            assertThat(lab.after(restored, step.quant())).isEqualTo(step.tip());
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void weightIsPositiveAndAddsUp(Lab lab) {
        BigInteger sum = BigInteger.ZERO;
        for (Step step : new History(lab, Chance.random()).grow(30)) {
            BigInteger weight = lab.engine()
                    .weight(
                            step.quant().header(),
                            step.parent().parent(),
                            step.tip().state());
            assertThat(weight).isPositive();
            sum = sum.add(weight);
            assertThat(step.tip().head().weight()).isEqualTo(sum);
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void finalityNeverFallsAndNeverPassesTheHead(Lab lab) {
        long before = 0;
        for (Step step : new History(lab, Chance.random()).grow(60)) {
            long now = lab.engine().finality(step.tip().parent());
            assertThat(now).isBetween(before, step.tip().head().height());
            before = now;
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void refusesEveryFieldChangedAfterTheSeal(Lab lab) {
        // A fixed history: a work of 64 hashes would let one change in 64 pass.
        for (Step step : new History(lab, new Random(19)).grow(4)) {
            for (Consumer<HeaderEdit> change : changes()) {
                Header header = HeaderEdit.of(step.quant().header(), change);
                CompactQuant changed = new CompactQuant(header, step.quant().seals(), List.of());
                Optional<Reason> reason = lab.engine()
                        .check(changed, step.parent().parent(), CheapSigner.VERIFIER)
                        .map(refusal -> refusal.reason());
                if (lab.spec().consensus().numbers().getOrDefault("difficulty", 4096L) == 4096) {
                    assertThat(reason).isPresent();
                }
                reason.ifPresent(given -> assertThat(JUDGED).contains(given));
            }
        }
    }

    /** Whose parent is not here is judged by less, and never by more. */
    @ParameterizedTest
    @MethodSource("labs")
    void refusesWithoutTheParentOnlyWhatItRefusesWithIt(Lab lab) {
        for (Step step : new History(lab, new Random(19)).grow(20)) {
            assertThat(lab.engine().checkAlone(step.quant().compactQuant(), CheapSigner.VERIFIER))
                    .isEmpty();
            for (Consumer<HeaderEdit> change : changes()) {
                Header header = HeaderEdit.of(step.quant().header(), change);
                CompactQuant changed = new CompactQuant(header, step.quant().seals(), List.of());
                Optional<Refusal> alone = lab.engine().checkAlone(changed, CheapSigner.VERIFIER);
                if (alone.isPresent()) {
                    assertThat(lab.engine().check(changed, step.parent().parent(), CheapSigner.VERIFIER))
                            .isPresent();
                }
                if (lab.spec().consensus().numbers().getOrDefault("difficulty", 4096L) == 4096) {
                    assertThat(alone).isPresent();
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void aQuantHasNoMoreSealsThanItsEngineSays(Lab lab) {
        Step step = new History(lab, Chance.random()).grow(3).get(2);
        assertThat(step.quant().seals()).hasSize(lab.engine().sealsMax());
        assertThat(lab.engine().sealsMax()).isLessThanOrEqualTo(Engines.SEALS_MAX);
        List<Seal> more = Collections.nCopies(
                lab.engine().sealsMax() + 1, new Seal(Samples.SIGNER.key(), Bytes.wrap(new byte[64])));
        CompactQuant quant = new CompactQuant(step.quant().header(), more, List.of());
        assertThat(lab.engine().checkAlone(quant, CheapSigner.VERIFIER))
                .map(Refusal::reason)
                .contains(Reason.SEAL_INVALID);
    }

    private static List<Consumer<HeaderEdit>> changes() {
        return List.of(
                h -> h.version++,
                h -> h.chain = Samples.dbc("x").id(),
                h -> h.timestamp++,
                h -> h.previous = Samples.dbc("x").id(),
                h -> h.treeSize++,
                h -> h.root = Samples.dbc("x").id(),
                h -> h.count++,
                h -> h.producer = OUTSIDER.key(),
                h -> h.consensus = Bytes.hex(h.consensus.hex() + "00"),
                h -> h.proof = Bytes.hex(h.proof.hex() + "00"));
    }

    @ParameterizedTest
    @MethodSource("labs")
    void refusesStrangers(Lab lab) {
        Tip tip = new History(lab, Chance.random()).grow(5).get(4).tip();
        if (lab.spec().consensus().participants().isEmpty()) {
            return;
        }
        long later = tip.head().header().timestamp() + 60_000;
        assertThat(lab.engine().turn(tip.parent(), OUTSIDER.key(), later)).isInstanceOf(Turn.Never.class);
        Outcome outcome = lab.judge(tip, lab.make(tip, OUTSIDER, later));
        assertThat(((Outcome.Broken) outcome).refusal().reason()).isEqualTo(Reason.PRODUCER_NOT_PERMITTED);
    }

    @ParameterizedTest
    @MethodSource("labs")
    void judgesAnyBytesWithoutAFault(Lab lab) {
        Random random = Chance.random();
        Step step = new History(lab, random).grow(8).get(7);
        for (int i = 0; i < 500; i++) {
            Bytes fields = Bytes.wrap(Chance.bytes(random, random.nextInt(80)));
            Bytes proof = Bytes.wrap(Chance.bytes(random, random.nextInt(80)));
            Seal seal = new Seal(Bytes.wrap(Chance.bytes(random, random.nextInt(40))), proof);
            long time = random.nextBoolean() ? step.quant().header().timestamp() : random.nextLong();
            Header header = HeaderEdit.of(step.quant().header(), h -> {
                h.consensus = fields;
                h.proof = proof;
                h.timestamp = time;
            });
            CompactQuant quant = new CompactQuant(header, List.of(seal), List.of());
            assertThat(lab.engine().check(quant, step.parent().parent(), CheapSigner.VERIFIER))
                    .isPresent();
            lab.engine().conflict(header, step.quant().header());
            lab.engine().promise(header, SigningRecord.NONE);
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void sealsNoSlotTwice(Lab lab) {
        for (Step step : new History(lab, Chance.random()).grow(10)) {
            Header header = step.quant().header();
            SigningRecord promised =
                    lab.engine().promise(header, SigningRecord.NONE).orElseThrow();
            if (lab.engine().slot(header) >= 0) {
                assertThat(promised.slot()).isEqualTo(lab.engine().slot(header));
                assertThat(lab.engine().promise(header, promised)).isEmpty();
            }
            assertThat(SigningRecord.decode(promised.encoded())).contains(promised);
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void saysHowThingsStand(Lab lab) {
        for (Step step : new History(lab, Chance.random()).grow(20)) {
            Status status = lab.engine()
                    .status(step.tip().parent(), step.quant().header().timestamp());
            assertThat(status.engine()).isEqualTo(lab.spec().consensus().engine());
            assertThat(status.finality())
                    .isEqualTo(lab.engine().finality(step.tip().parent()));
            assertThat(status.participants())
                    .hasSameSizeAs(lab.spec().consensus().participants());
        }
    }

    @ParameterizedTest
    @MethodSource("labs")
    void documentsItsParameters(Lab lab) {
        assertThat(Engines.NAMES).contains(lab.spec().consensus().engine());
        for (Parameter parameter : Engines.parameters(lab.spec().consensus().engine())) {
            assertThat(parameter.standard()).isBetween(parameter.least(), parameter.most());
        }
    }
}
