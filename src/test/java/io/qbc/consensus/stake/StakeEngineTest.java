package io.qbc.consensus.stake;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.HeaderEdit;
import io.qbc.consensus.CheapSigner;
import io.qbc.consensus.Lab;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.Offence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Status;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Pin;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.QuantRules.Outcome;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.Header;
import io.qbc.model.Quant;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StakeEngineTest {
    private static final long PERIOD = 100;
    private static final int EPOCH = 4;
    private final Lab lab = Lab.of(
            "pos",
            4,
            Map.of("period", PERIOD, "epoch", (long) EPOCH, "unbondDelay", 3L, "slash", 50L),
            25L,
            25L,
            25L,
            25L);
    private final Map<Bytes, SigningRecord> signingRecords = new TreeMap<>();
    private Tip tip = lab.genesis();

    private void leap(Transaction... orders) {
        tip = lab.leap(tip, signingRecords, tip.head().header().timestamp() + PERIOD, List.of(orders));
        assertThat(state().total()).as("nothing is made or lost").isEqualTo(100);
    }

    /** Leaps to the first quant of the next epoch. */
    private void epoch() {
        do {
            leap();
        } while (tip.head().height() % EPOCH != 0);
    }

    /** Leaps a whole epoch, all participants voting as they owe. */
    private void voting() {
        epoch();
        leap(lab.duties(tip, signingRecords).toArray(Transaction[]::new));
    }

    private StakeState state() {
        return StakeState.decode(tip.state());
    }

    private Holder holder(Signer signer) {
        return state().holder(signer.key()).orElseThrow();
    }

    private Transaction order(Signer author, String type, String json) {
        return lab.order(author, "qbc.pos." + type, json);
    }

    private Transaction amount(int author, String type, long amount) {
        return order(lab.signer(author), type, "{\"amount\":" + amount + "}");
    }

    private Transaction vote(int author, long source, long target, String label) {
        Vote vote = new Vote(source, target, Sha256.of(Bytes.utf8(label).toArray()));
        return order(lab.signer(author), "vote", vote.payload().text());
    }

    @Test
    void bondsUnbondsAndTransfersWhatIsThere() {
        Signer guest = CheapSigner.of("guest");
        leap(amount(0, "unbond", 10), amount(0, "unbond", 16), amount(0, "bond", 1));
        assertThat(holder(lab.signer(0)).bonded).isEqualTo(15);
        assertThat(state().unbondings)
                .containsExactly(new Unbonding(lab.signer(0).key(), 10, 3));
        while (tip.head().height() < 3 * EPOCH - 2) {
            leap();
            assertThat(holder(lab.signer(0)).liquid).isZero();
        }
        leap();
        assertThat(holder(lab.signer(0)).liquid).isEqualTo(10);
        String gift = "{\"to\":\"" + guest.key().hex() + "\",\"amount\":6}";
        leap(order(lab.signer(0), "transfer", gift), order(lab.signer(0), "transfer", gift));
        assertThat(holder(guest).liquid).isEqualTo(6);
        assertThat(holder(lab.signer(0)).liquid).isEqualTo(4);
        leap(order(guest, "bond", "{\"amount\":6}"), amount(0, "bond", 4));
        assertThat(holder(guest).bonded).isEqualTo(6);
        assertThat(holder(guest).power).as("power comes with an epoch").isZero();
    }

    @Test
    void changesPowersOnlyBetweenFinalities() {
        leap(amount(0, "unbond", 10));
        assertThat(holder(lab.signer(0)).power).isEqualTo(25);
        epoch();
        assertThat(holder(lab.signer(0)).power).isEqualTo(15);
        leap(amount(1, "unbond", 10));
        epoch();
        assertThat(holder(lab.signer(1)).power).as("nothing is final since").isEqualTo(25);
        for (int i = 0; i < 2; i++) {
            voting();
        }
        epoch();
        assertThat(state().finalised).isPositive();
        assertThat(holder(lab.signer(1)).power).isEqualTo(15);
    }

    @Test
    void ignoresOrdersThatMakeNoSense() {
        tip = lab.genesis();
        leap();
        Tip plain = tip;
        String[] types = {"bond", "unbond", "transfer", "vote", "x"};
        String[] payloads = {
            "{}",
            "[]",
            "{\"amount\":0}",
            "{\"amount\":-5}",
            "{\"amount\":1.5}",
            "{\"amount\":\"5\"}",
            "{\"amount\":99999999999999999999}",
            "{\"to\":\"00\",\"amount\":1}",
            "{\"source\":1,\"target\":1,\"hash\":\"" + "0".repeat(64) + "\"}"
        };
        for (String type : types) {
            for (String payload : payloads) {
                signingRecords.clear();
                tip = lab.genesis();
                leap(order(lab.signer(0), type, payload), order(CheapSigner.of("nobody"), type, payload));
                assertThat(tip.state()).isEqualTo(plain.state());
            }
        }
    }

    @Test
    void finalisesByTwoThirds() {
        for (int i = 0; i < 5; i++) {
            voting();
            assertThat(state().justified).isEqualTo(i + 1);
            assertThat(lab.engine().finality(tip.parent())).isEqualTo((long) i * EPOCH);
        }
    }

    @Test
    void oneVoteTooFewFinalisesNothing() {
        epoch();
        List<Transaction> votes = lab.duties(tip, signingRecords);
        assertThat(votes).hasSize(4);
        leap(votes.get(0), votes.get(1));
        leap(votes.get(1));
        assertThat(state().justified).isZero();
        Status status = lab.engine().status(tip.parent(), tip.head().header().timestamp());
        assertThat(status.waiting().get(1))
                .contains("checkpoint 1 has 50 of 67")
                .contains(lab.signer(3).key().hex());
        leap(votes.get(3));
        assertThat(state().justified).isEqualTo(1);
    }

    @Test
    void owesOneVoteForACheckpointAndNoneAgainstAPromise() {
        epoch();
        Bytes self = lab.signer(0).key();
        Optional<Duty> duty = lab.engine().duty(tip.parent(), self, SigningRecord.NONE);
        assertThat(duty).isPresent();
        assertThat(duty.get().signingRecord()).isEqualTo(new SigningRecord(-1, 0, 1));
        assertThat(lab.engine().duty(tip.parent(), self, duty.get().signingRecord()))
                .isEmpty();
        assertThat(lab.engine().duty(tip.parent(), self, new SigningRecord(-1, 1, 0)))
                .isEmpty();
        assertThat(lab.engine().duty(tip.parent(), CheapSigner.of("x").key(), SigningRecord.NONE))
                .isEmpty();
    }

    @Test
    void slashesTwoVotesForOneTargetAndOneAroundAnother() {
        epoch();
        Transaction honest = lab.duties(tip, signingRecords).get(0);
        leap(honest, vote(0, 0, 1, "other"));
        assertThat(holder(lab.signer(0)).barred).isTrue();
        assertThat(holder(lab.signer(0)).bonded).isEqualTo(12);
        assertThat(state().burned).isEqualTo(13);
        assertThat(state().offences)
                .singleElement()
                .extracting(Offence::key)
                .isEqualTo(lab.signer(0).key());
        VoteEvidence around = new VoteEvidence(vote(1, 2, 5, "a"), vote(1, 3, 4, "b"));
        leap(lab.order(lab.signer(2), Evidence.TYPE, around.payload().text()));
        assertThat(holder(lab.signer(1)).barred).isTrue();
        VoteEvidence fine = new VoteEvidence(vote(2, 2, 3, "a"), vote(2, 3, 4, "b"));
        VoteEvidence mixed = new VoteEvidence(vote(2, 2, 3, "a"), vote(3, 2, 3, "b"));
        leap(lab.order(lab.signer(3), Evidence.TYPE, fine.payload().text()));
        leap(lab.order(lab.signer(3), Evidence.TYPE, mixed.payload().text()));
        assertThat(state().offences).hasSize(2);
    }

    @Test
    void slashesTwoSealsInOneSlotAndWhatIsUnbonding() {
        leap(amount(0, "unbond", 10));
        Signer twin = lab.signer(0);
        Quant one = lab.make(tip, twin, tip.head().header().timestamp() + 1000);
        Quant two = lab.make(tip, twin, tip.head().header().timestamp() + 1000, amount(1, "bond", 1));
        Evidence evidence = new Evidence(
                one.header(), one.seals().get(0).signature(),
                two.header(), two.seals().get(0).signature());
        Transaction report =
                lab.order(lab.signer(1), Evidence.TYPE, evidence.payload().text());
        leap(report);
        leap(report);
        assertThat(holder(twin).bonded).isEqualTo(7);
        assertThat(state().unbondings.get(0).amount()).isEqualTo(5);
        assertThat(state().burned).isEqualTo(13);
        assertThat(lab.engine().turn(tip.parent(), twin.key(), 0)).isInstanceOf(Turn.Never.class);
        epoch();
        assertThat(holder(twin).power).isZero();
    }

    @Test
    void countsMissedSlots() {
        leap();
        long slot = tip.head().header().timestamp() / PERIOD;
        Bytes missing = new ProofOfStake().leaders(state()).apply(slot + 1);
        long later = (slot + 2) * PERIOD;
        Signer next = lab.signer(new ProofOfStake().leaders(state()).apply(slot + 2));
        tip = lab.after(tip, lab.make(tip, next, later));
        assertThat(holder(lab.signer(missing)).missed).isEqualTo(1);
        assertThat(lab.engine().status(tip.parent(), later).missed()).isEqualTo(1);
    }

    @Test
    void refusesAnotherLayerThanTheNext() {
        for (int i = 0; i < 12; i++) {
            leap();
        }
        long now = tip.head().header().timestamp() / PERIOD * PERIOD + PERIOD;
        Signer leader = lab.signer(new ProofOfStake().leaders(state()).apply(now / PERIOD));
        Header draft = lab.draft(tip, leader, SigningRecord.NONE, now, List.of());
        assertThat(lab.judge(tip, lab.seal(draft, leader, List.of()))).isInstanceOf(Outcome.Valid.class);
        HashOnion right = HashOnion.of(draft.consensus()).orElseThrow();
        Bytes wrong = Bytes.wrap(new byte[32]);
        for (HashOnion onion : List.of(
                new HashOnion(wrong, right.commitment()),
                new HashOnion(right.layer(), wrong),
                new HashOnion(Bytes.EMPTY, wrong),
                new HashOnion(Bytes.EMPTY, Bytes.EMPTY),
                new HashOnion(right.layer().slice(0, 31), Bytes.EMPTY))) {
            Header changed = HeaderEdit.of(draft, h -> h.consensus = onion.encoded());
            Outcome outcome = lab.judge(tip, lab.seal(changed, leader, List.of()));
            assertThat(((Outcome.Broken) outcome).refusal().reason()).isEqualTo(Reason.CONSENSUS_FIELDS);
        }
    }

    /** The next seed knows two values as far as one leader goes: with its layer, or without. */
    @Test
    void contentCannotMoveTheSeed() {
        while (tip.head().height() % EPOCH != EPOCH - 2) {
            leap();
        }
        long now = tip.head().header().timestamp() / PERIOD * PERIOD + PERIOD;
        Signer leader = lab.signer(new ProofOfStake().leaders(state()).apply(now / PERIOD));
        List<Tip> choices = List.of(
                lab.after(tip, lab.make(tip, leader, now)),
                lab.after(tip, lab.make(tip, leader, now + PERIOD - 1)),
                lab.after(tip, lab.make(tip, leader, now, amount(0, "unbond", 1))));
        assertThat(choices.stream().map(each -> StakeState.decode(each.state()).seed))
                .containsOnly(StakeState.decode(choices.get(0).state()).seed);
    }

    @Test
    void aPinRefusesAChainOfOldKeys() {
        leap();
        Quant other = lab.make(lab.genesis(), lab.signer(0), tip.head().header().timestamp());
        Pin pin = new Pin(1, tip.head().hash());
        QuantRules rules = new QuantRules(lab.spec(), lab.engine(), CheapSigner.VERIFIER, 1L << 40, Optional.of(pin));
        Outcome outcome = rules.judge(
                lab.genesis(),
                other.compactQuant(),
                List.of(),
                0,
                other.header().timestamp());
        assertThat(((Outcome.Broken) outcome).refusal().reason()).isEqualTo(Reason.FINAL);
    }
}
