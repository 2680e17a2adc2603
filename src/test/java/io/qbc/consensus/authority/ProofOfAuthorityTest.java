package io.qbc.consensus.authority;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.HeaderEdit;
import io.qbc.Samples;
import io.qbc.consensus.CheapSigner;
import io.qbc.consensus.Lab;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ProofOfAuthorityTest {
    private static final long PERIOD = 100;
    private static final long DELAY = 40;
    private final Lab lab = lab(4);
    private final Map<Bytes, SigningRecord> signingRecords = new TreeMap<>();

    private static Lab lab(int signers) {
        return Lab.of("poa", signers, Map.of("period", PERIOD, "delay", DELAY));
    }

    /** The signers by key, which is the order of their turns. */
    private static List<Signer> ring(Lab lab) {
        return lab.signers().stream()
                .filter(each -> lab.spec().consensus().participants().contains(each.key()))
                .sorted((a, b) -> a.key().compareTo(b.key()))
                .toList();
    }

    private static long start(int slot) {
        return Samples.GENESIS_TIME / PERIOD * PERIOD + slot * PERIOD;
    }

    private Signer inTurn(int slot) {
        return ring(lab).get((int) (start(slot) / PERIOD % 4));
    }

    private Tip leap(Tip tip, Transaction... orders) {
        return leap(lab, tip, orders);
    }

    private Tip leap(Lab chain, Tip tip, Transaction... orders) {
        return chain.leap(tip, signingRecords, tip.head().header().timestamp() + PERIOD, List.of(orders));
    }

    private Transaction vote(int voter, Signer subject, boolean add) {
        String json = "{\"signer\":\"" + subject.key().hex() + "\",\"add\":" + add + "}";
        return lab.order(lab.signer(voter), "qbc.poa.vote", json);
    }

    private List<Bytes> seats(Tip tip) {
        return lab.engine().status(tip.parent(), tip.head().header().timestamp()).participants().stream()
                .filter(each -> each.power() > 0)
                .map(Status.Participant::key)
                .toList();
    }

    private static Reason reason(Outcome outcome) {
        return ((Outcome.Broken) outcome).refusal().reason();
    }

    @Test
    void takesTurnsBySlotAndWeighsTurnsDouble() {
        Tip genesis = lab.genesis();
        for (int slot = 1; slot < 6; slot++) {
            Signer first = inTurn(slot);
            Tip tip = lab.after(genesis, lab.make(genesis, first, start(slot)));
            assertThat(tip.head().weight()).isEqualTo(BigInteger.TWO);
            for (Signer other : ring(lab)) {
                if (other.equals(first)) {
                    continue;
                }
                assertThat(reason(lab.judge(genesis, lab.make(genesis, other, start(slot) + DELAY - 1))))
                        .isEqualTo(Reason.NOT_DUE);
                Tip late = lab.after(genesis, lab.make(genesis, other, start(slot) + DELAY));
                assertThat(late.head().weight()).isEqualTo(BigInteger.ONE);
            }
        }
    }

    @Test
    void spreadsThoseOutOfTurnOverTheSlot() {
        Tip genesis = lab.genesis();
        long[] due = ring(lab).stream()
                .mapToLong(
                        signer -> lab.engine().turn(genesis.parent(), signer.key(), start(1)) instanceof Turn.At later
                                ? later.timestamp() - start(1)
                                : 0)
                .sorted()
                .toArray();
        assertThat(due).containsExactly(0, 40, 55, 70);
    }

    @Test
    void givesASlotToOneQuantOnly() {
        Tip tip = lab.after(lab.genesis(), lab.make(lab.genesis(), inTurn(1), start(1)));
        Signer other = inTurn(2);
        assertThat(reason(lab.judge(tip, lab.make(tip, other, start(1) + 99)))).isEqualTo(Reason.NOT_DUE);
        assertThat(lab.judge(tip, lab.make(tip, other, start(2)))).isInstanceOf(Outcome.Valid.class);
    }

    /** Of any three quants of four signers (any five of eight) one signer makes one at most. */
    @Test
    void letsASignerSealOnceInAWindow() {
        for (int size : new int[] {1, 2, 3, 4, 5, 8}) {
            Lab chain = lab(size);
            Tip tip = chain.genesis();
            Map<Bytes, Long> last = new TreeMap<>();
            for (int slot = 1; slot < 60; slot++) {
                for (Signer signer : ring(chain)) {
                    boolean rests = tip.head().height() + 1 - last.getOrDefault(signer.key(), -100L) < size / 2 + 1;
                    Quant quant = chain.make(tip, signer, start(slot) + DELAY);
                    Outcome outcome = chain.judge(tip, quant);
                    boolean due = outcome instanceof Outcome.Valid || reason(outcome) != Reason.NOT_DUE;
                    assertThat(due).isEqualTo(!rests);
                }
                Signer next = ring(chain).stream()
                        .min((a, b) -> Long.compare(last.getOrDefault(a.key(), 0L), last.getOrDefault(b.key(), 0L)))
                        .orElseThrow();
                SigningRecord before = new SigningRecord(-1, 0, last.getOrDefault(next.key(), 0L));
                tip = chain.after(tip, chain.make(tip, next, before, start(slot) + DELAY, List.of()));
                last.put(next.key(), tip.head().height());
            }
        }
    }

    @Test
    void namesWhoRestsAndWhomTheChainWaitsFor() {
        Lab three = lab(3);
        Tip genesis = three.genesis();
        List<Signer> ring = ring(three);
        Signer first = ring.get(0);
        Tip tip = three.after(genesis, three.make(genesis, first, start(1) + DELAY));
        Turn.Resting turn = (Turn.Resting) three.engine().turn(tip.parent(), first.key(), start(2));
        assertThat(turn.others()).containsExactly(ring.get(1).key(), ring.get(2).key());
        assertThat(turn.refusal().reason()).isEqualTo(Reason.NOT_DUE);
        assertThat(turn.refusal().detail())
                .isEqualTo("height 2 waits for a quant of one of "
                        + ring.get(1).key().hex() + ", " + ring.get(2).key().hex()
                        + "; at rest after one of the last 1 quants: "
                        + first.key().hex());
        assertThat(three.engine().status(tip.parent(), start(2)).waiting())
                .contains(turn.refusal().detail());
        assertThat(three.engine().turn(tip.parent(), ring.get(1).key(), start(2)))
                .isNotInstanceOf(Turn.Resting.class);
    }

    @Test
    void letsInAndPutsOutByMajority() {
        Signer guest = CheapSigner.of("guest");
        Tip tip = leap(leap(lab.genesis(), vote(0, guest, true)), vote(1, guest, true), vote(1, guest, true));
        assertThat(seats(tip)).hasSize(4);
        tip = leap(tip, vote(2, guest, true));
        assertThat(seats(tip)).hasSize(5).contains(guest.key());
        Signer leaver = lab.signer(3);
        tip = leap(tip, vote(0, leaver, false), vote(1, leaver, false));
        assertThat(seats(tip)).hasSize(5);
        tip = leap(tip, vote(2, leaver, false));
        assertThat(seats(tip)).hasSize(4).doesNotContain(leaver.key());
        assertThat(lab.engine().turn(tip.parent(), leaver.key(), start(50))).isInstanceOf(Turn.Never.class);
        Tip after = leap(tip, vote(3, lab.signer(0), false), vote(3, lab.signer(1), false));
        assertThat(seats(after)).as("who is out has no vote").isEqualTo(seats(tip));
    }

    @Test
    void takesAVoteBackAndBoundsOpenOnes() {
        Signer guest = CheapSigner.of("guest");
        Tip tip = leap(lab.genesis(), vote(0, guest, true), vote(1, guest, true));
        tip = leap(tip, vote(1, guest, false), vote(2, guest, true));
        assertThat(seats(tip)).as("one of three votes was taken back").hasSize(4);
        for (int i = 0; i < 20; i++) {
            tip = leap(tip, vote(3, CheapSigner.of("guest" + i), true));
        }
        assertThat(AuthorityState.decode(tip.state()).ballots()).hasSize(6);
    }

    @Test
    void keepsTheLastSigner() {
        Lab single = lab(1);
        Tip tip = leap(single, single.genesis());
        String json = "{\"signer\":\"" + single.signer(0).key().hex() + "\",\"add\":false}";
        tip = leap(single, tip, single.order(single.signer(0), "qbc.poa.vote", json));
        assertThat(AuthorityState.decode(tip.state()).active()).hasSize(1);
    }

    @Test
    void ignoresOrdersThatMakeNoSense() {
        Tip plain = leap(lab.genesis());
        String[] senseless = {
            "{}",
            "[]",
            "1",
            "{\"signer\":\"00\",\"add\":true}",
            "{\"signer\":5,\"add\":true}",
            "{\"add\":true}",
            "{\"signer\":\"" + "a".repeat(64) + "\",\"add\":1}",
            "{\"signer\":\"" + "a".repeat(64) + "\",\"add\":true,\"more\":0}"
        };
        for (String json : senseless) {
            signingRecords.clear();
            Tip tip = leap(lab.genesis(), lab.order(lab.signer(0), "qbc.poa.vote", json));
            assertThat(tip.state()).isEqualTo(plain.state());
        }
        signingRecords.clear();
        Tip stranger = leap(
                lab.genesis(),
                lab.order(
                        CheapSigner.of("stranger"),
                        "qbc.poa.vote",
                        "{\"signer\":\"" + "a".repeat(64) + "\",\"add\":true}"));
        assertThat(stranger.state()).isEqualTo(plain.state());
    }

    @Test
    void isFinalOnceMoreThanTwoThirdsBuiltOnItTwice() {
        Tip tip = lab.genesis();
        for (int i = 1; i <= 20; i++) {
            tip = leap(tip);
            long finality = lab.engine().finality(tip.parent());
            assertThat(finality).isLessThanOrEqualTo(Math.max(0, i - 4));
        }
        assertThat(lab.engine().finality(tip.parent())).isGreaterThanOrEqualTo(20 - 6);
    }

    @Test
    void votesForAHeightOnceOnAllBranches() {
        Tip genesis = lab.genesis();
        Signer signer = inTurn(1);
        Quant first = lab.make(genesis, signer, start(1));
        SigningRecord signingRecord =
                lab.engine().promise(first.header(), SigningRecord.NONE).orElseThrow();
        assertThat(signingRecord).isEqualTo(new SigningRecord(start(1) / PERIOD, 0, 1));
        Quant elsewhere = lab.make(genesis, signer, signingRecord, start(2) + DELAY, List.of());
        assertThat(FinalityVote.of(elsewhere.header()).cast()).isFalse();
        assertThat(lab.judge(genesis, elsewhere)).isInstanceOf(Outcome.Valid.class);
        assertThat(lab.engine().conflict(first.header(), elsewhere.header())).isFalse();
        Quant again = lab.make(genesis, signer, SigningRecord.NONE, start(2) + DELAY, List.of());
        assertThat(lab.engine().promise(again.header(), signingRecord)).isEmpty();
        assertThat(lab.engine().conflict(first.header(), again.header())).isTrue();
    }

    private Transaction evidence(int reporter, Quant one, Quant other) {
        Evidence evidence = new Evidence(
                one.header(), one.seals().get(0).signature(),
                other.header(), other.seals().get(0).signature());
        return lab.order(lab.signer(reporter), Evidence.TYPE, evidence.payload().text());
    }

    @Test
    void suspendsWhoSealedASlotTwiceUntilVotedInAgain() {
        Tip genesis = lab.genesis();
        Signer twin = lab.signer(0);
        Transaction proof = evidence(1, lab.make(genesis, twin, start(3) + 50), lab.make(genesis, twin, start(3) + 51));
        Tip tip = leap(genesis, proof);
        assertThat(seats(tip)).hasSize(3).doesNotContain(twin.key());
        List<Offence> offences = AuthorityState.decode(tip.state()).offences();
        assertThat(offences).singleElement().extracting(Offence::key).isEqualTo(twin.key());
        tip = leap(tip, vote(1, twin, true), vote(2, twin, true));
        assertThat(seats(tip)).contains(twin.key());
        for (int i = 0; i < 3; i++) {
            tip = leap(tip);
        }
        assertThat(seats(leap(tip, proof))).as("what it did before is forgiven").contains(twin.key());
    }

    @Test
    void ignoresEvidenceThatProvesNothing() {
        Tip genesis = lab.genesis();
        Signer honest = lab.signer(0);
        Quant one = lab.make(genesis, honest, start(3) + 50);
        Quant two = lab.make(genesis, honest, start(3) + 51);
        SigningRecord after =
                lab.engine().promise(one.header(), SigningRecord.NONE).orElseThrow();
        Quant later = lab.make(genesis, honest, after, start(4) + 50, List.of());
        Quant forged = lab.seal(two.header(), lab.signer(1), List.of());
        Quant others = lab.make(genesis, lab.signer(1), start(3) + 51);
        for (Quant second : List.of(one, later, forged, others)) {
            signingRecords.clear();
            Tip tip = leap(genesis, evidence(1, one, second));
            assertThat(seats(tip)).hasSize(4);
            assertThat(AuthorityState.decode(tip.state()).offences()).isEmpty();
        }
    }

    @Test
    void refusesAVoteThatItsProducerMayNotCast() {
        Tip tip = leap(leap(lab.genesis()));
        for (String fields : new String[] {
            "",
            "00",
            "00000000000000010000000000000001",
            "00000000000000000000000000000000",
            "00000000000000050000000000000000",
            "ffffffffffffffff0000000000000000",
            "0000000000000004ffffffffffffffff"
        }) {
            for (Signer signer : ring(lab)) {
                long now = tip.head().header().timestamp() / PERIOD * PERIOD + PERIOD + DELAY;
                Header draft = HeaderEdit.of(
                        lab.draft(tip, signer, SigningRecord.NONE, now, List.of()),
                        h -> h.consensus = Bytes.hex(fields));
                Outcome outcome = lab.judge(tip, lab.seal(draft, signer, List.of()));
                assertThat(reason(outcome)).isIn(Reason.CONSENSUS_FIELDS, Reason.NOT_DUE);
            }
        }
    }
}
