package io.qbc.ledger.leap;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Samples;
import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.ledger.leap.LeapEffect.Announce;
import io.qbc.ledger.leap.LeapEffect.Append;
import io.qbc.ledger.leap.LeapEffect.AskPeers;
import io.qbc.ledger.leap.LeapEffect.AskReachable;
import io.qbc.ledger.leap.LeapEffect.Cancel;
import io.qbc.ledger.leap.LeapEffect.KeepSigningRecord;
import io.qbc.ledger.leap.LeapEffect.Leaped;
import io.qbc.ledger.leap.LeapEffect.MakeDraft;
import io.qbc.ledger.leap.LeapEffect.MakeQuant;
import io.qbc.ledger.leap.LeapEffect.Plan;
import io.qbc.ledger.leap.LeapEffect.PoolLoaded;
import io.qbc.ledger.leap.LeapEffect.ReadSigningRecord;
import io.qbc.ledger.leap.LeapEffect.ReadTip;
import io.qbc.ledger.leap.LeapEffect.ReadWaiting;
import io.qbc.ledger.leap.LeapEffect.Refuse;
import io.qbc.ledger.leap.LeapEffect.Seal;
import io.qbc.ledger.leap.LeapEffect.WakeAt;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Ed25519;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Sha256;
import io.qbc.model.Signer;
import io.qbc.model.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The machine that decides on a chain's leaps")
class LeapMachineTest {
    private static final int REQUESTS_MAX = 2;
    private static final int FULL_TRANSACTIONS = 3;
    private static final long AGE_MILLIS = 10_000;
    private static final int ENTRY_BYTES = 100;
    private static final long PATIENCE_MILLIS = 30_000;
    private static final long STALL_MILLIS = 60_000;
    /** Decisions on one round until tip, signing record and peers are known. */
    private static final long LEARNT_ROUNDS = 5;

    private static final Signer THIRD = Ed25519.signer(Samples.seed("third"));
    private static final ChainSpec CLASSIC = Samples.engine("classic", "classic", Map.of());
    private static final ChainSpec POA =
            Samples.engine("poa", "poa", Map.of("period", 100L, "delay", 50L), Samples.SIGNER.key());
    /** Of three signers, as at the beginning of a network. */
    private static final ChainSpec THREE = Samples.engine(
            "three",
            "poa",
            Map.of("period", 100L, "delay", 50L),
            Samples.SIGNER.key(),
            Samples.OTHER.key(),
            THIRD.key());

    private static final SigningRecord NOTHING_SIGNED = new SigningRecord(0, 0, 0);

    private final Pool pool = new Pool(100, 100_000);
    private long now = Samples.GENESIS_TIME + 60_000;
    private Listening listening = new Listening(0, true);
    private ChainSpec spec = CLASSIC;
    private Engine engine = engine(spec);
    private Tip tip = Tip.genesis(spec);
    private LeapMachine machine = machine();
    private Tip grown = tip;

    @Test
    @DisplayName("makes a quant of what waits, and answers when the store has it")
    void leap() {
        waits(0, 2);
        told(new LeapInput.Asked(1, Optional.empty()), new ReadTip(), new WakeAt(now + AGE_MILLIS));
        told(new LeapInput.TipRead(tip), new MakeQuant(2, plan(tip, 2)));
        CompactQuant quant = quant(tip, 2);
        told(new LeapInput.Sealed(Optional.of(quant)), new Append(quant, logRanges(0, 2)));
        Tip next = next(quant);
        told(new LeapInput.HeadMoved(next, 0, logRanges(0, 2)));
        told(new LeapInput.Judged(new Verdict.Extended(next.head())), new Leaped(1, next.head(), 1, 2));
        assertThat(pool.transactions()).isZero();
    }

    @Test
    @DisplayName("asks the store one thing for a further own leap: to append it")
    void oneExchange() {
        leap();
        tip = grown;
        waits(2, 1);
        told(new LeapInput.Asked(2, Optional.empty()), new MakeQuant(3, plan(tip, 1)));
        CompactQuant quant = quant(tip, 1);
        told(new LeapInput.Sealed(Optional.of(quant)), new Append(quant, logRanges(2, 1)));
        Tip next = next(quant);
        told(new LeapInput.HeadMoved(next, 0, logRanges(2, 1)));
        told(new LeapInput.Judged(new Verdict.Extended(next.head())), new Leaped(2, next.head(), 1, 1));
    }

    @Test
    @DisplayName("cancels the sealing when a peer's quant is first, and makes another on that one")
    void overtaken() {
        knowsTip();
        waits(0, 2);
        told(new LeapInput.Asked(1, Optional.empty()), new MakeQuant(1, plan(tip, 2)), new WakeAt(now + AGE_MILLIS));
        Tip foreign = next(quant(tip, 1));
        told(new LeapInput.HeadMoved(foreign, 0, logRanges(0, 1)), new Cancel(1));
        told(new LeapInput.Sealed(Optional.empty()), new MakeQuant(2, plan(foreign, ids(1, 1))));
    }

    @Test
    @DisplayName("does not offer a quant whose sealing was too far to cancel")
    void sealedTooLate() {
        knowsTip();
        waits(0, 2);
        told(new LeapInput.Asked(1, Optional.empty()), new MakeQuant(1, plan(tip, 2)), new WakeAt(now + AGE_MILLIS));
        CompactQuant late = quant(tip, 2);
        Tip foreign = next(quant(tip, 1));
        told(new LeapInput.HeadMoved(foreign, 0, logRanges(0, 1)), new Cancel(1));
        told(new LeapInput.Sealed(Optional.of(late)), new MakeQuant(2, plan(foreign, ids(1, 1))));
    }

    @Test
    @DisplayName("fills the pool anew after a reorganisation, makes nothing before it is full, and announces it then")
    void reorganised() {
        knowsTip();
        waits(0, 2);
        Tip other = next(quant(tip, 1));
        told(new LeapInput.HeadMoved(other, 1, List.of()), new ReadWaiting(0));
        told(new LeapInput.Asked(1, Optional.empty()));
        Pool.Entry entry = new Pool.Entry(7, id(7), ENTRY_BYTES, now);
        told(
                new LeapInput.WaitingRead(List.of(entry), Optional.empty()),
                new PoolLoaded(Optional.empty()),
                new Announce(),
                new MakeQuant(1, plan(other, List.of(id(7)))),
                new WakeAt(now + AGE_MILLIS));
    }

    @Test
    @DisplayName("reads the pool page by page, and begins again when the chain went back meanwhile")
    void pages() {
        told(new LeapInput.Load(), new ReadWaiting(0));
        told(new LeapInput.WaitingRead(entries(0, 2), Optional.of(2L)), new ReadWaiting(2));
        told(new LeapInput.HeadMoved(next(quant(tip, 0)), 1, List.of()));
        told(new LeapInput.WaitingRead(entries(2, 1), Optional.empty()), new ReadWaiting(0));
        assertThat(pool.transactions()).isZero();
        told(
                new LeapInput.WaitingRead(entries(0, 1), Optional.empty()),
                new PoolLoaded(Optional.empty()),
                new Announce(),
                new WakeAt(now + AGE_MILLIS));
        assertThat(pool.transactions()).isEqualTo(1);
    }

    @Test
    @DisplayName("keeps nothing of a page that was read before a move of the head and told after it")
    void oldPage() {
        knowsTip();
        told(new LeapInput.BacklogGrew(0), new ReadWaiting(0));
        told(new LeapInput.HeadMoved(next(quant(tip, 0)), 0, logRanges(0, 2)));
        told(new LeapInput.WaitingRead(entries(0, 3), Optional.empty()), new Announce(), new WakeAt(now + AGE_MILLIS));
        assertThat(pool.first(10, Long.MAX_VALUE).ids()).containsExactly(id(2));
    }

    @Test
    @DisplayName("tells nobody what waits while it fills the pool anew, so that nothing is passed over")
    void silentWhileFilling() {
        knowsTip();
        waits(5, 1);
        told(new LeapInput.BacklogGrew(5), new ReadWaiting(5), new WakeAt(now + AGE_MILLIS));
        told(new LeapInput.HeadMoved(next(quant(tip, 0)), 1, List.of()));
        waits(9, 1);
        assertThat(pool.after(0, 10)).isEqualTo(new Pool.News(List.of(), 0));
        told(new LeapInput.WaitingRead(entries(5, 1), Optional.empty()), new ReadWaiting(0));
        told(
                new LeapInput.WaitingRead(entries(1, 1), Optional.empty()),
                new PoolLoaded(Optional.empty()),
                new Announce());
        assertThat(pool.after(0, 10).ids()).containsExactly(id(1), id(9));
    }

    @Test
    @DisplayName("answers at once who asks again for an empty quant on a head that is none any more")
    void askedAgain() {
        knowsTip();
        told(new LeapInput.Asked(1, Optional.of(id(99))), new Leaped(1, tip.head(), 0, 0));
        told(new LeapInput.Asked(2, Optional.of(tip.head().hash())), new MakeQuant(2, plan(tip, 0)));
    }

    @Test
    @DisplayName("leaps by itself when enough waits, once for all that waits")
    void byItself() {
        knowsTip();
        waits(0, FULL_TRANSACTIONS - 1);
        told(new LeapInput.PoolGrew(), new WakeAt(now + AGE_MILLIS));
        waits(FULL_TRANSACTIONS - 1, 1);
        told(new LeapInput.PoolGrew(), new MakeQuant(1, plan(tip, FULL_TRANSACTIONS)));
        waits(FULL_TRANSACTIONS, 1);
        told(new LeapInput.PoolGrew());
    }

    @Test
    @DisplayName("leaps by itself when the oldest has waited long enough")
    void ripe() {
        knowsTip();
        waits(0, 1);
        told(new LeapInput.PoolGrew(), new WakeAt(now + AGE_MILLIS));
        now += AGE_MILLIS - 1;
        told(new LeapInput.Tick(), new WakeAt(now + 1));
        now += 1;
        told(new LeapInput.Tick(), new MakeQuant(1, plan(tip, 1)));
    }

    @Test
    @DisplayName("rests after a refused leap by itself, and then tries again")
    void rests() {
        ripe();
        told(
                new LeapInput.Failed(new MakeQuant(1, plan(tip, 1)), Reason.STORE_READ_ONLY.refusal("full")),
                refuse(LeapEffect.BY_ITSELF, Reason.STORE_READ_ONLY, "full"),
                new WakeAt(now + AGE_MILLIS));
        now += AGE_MILLIS;
        told(new LeapInput.Tick(), new MakeQuant(2, plan(tip, 1)));
    }

    @Test
    @DisplayName("holds only so many requests, and makes one quant after the other for them")
    void manyRequests() {
        knowsTip();
        told(new LeapInput.Asked(1, Optional.empty()), new MakeQuant(1, plan(tip, 0)));
        told(new LeapInput.Asked(2, Optional.empty()));
        told(new LeapInput.Asked(3, Optional.empty()), refuse(3, Reason.BUSY, REQUESTS_MAX + " leaps wait already"));
        CompactQuant quant = quant(tip, 0);
        told(new LeapInput.Sealed(Optional.of(quant)), new Append(quant, List.of()));
        Tip next = next(quant);
        told(new LeapInput.HeadMoved(next, 0, List.of()));
        told(
                new LeapInput.Judged(new Verdict.Extended(next.head())),
                new Leaped(1, next.head(), 1, 0),
                new MakeQuant(2, plan(next, 0)));
    }

    @Test
    @DisplayName("refuses what is asked of a frozen chain, and goes on when it is not any more")
    void frozen() {
        knowsTip();
        told(new LeapInput.Frozen(true));
        told(new LeapInput.Asked(1, Optional.empty()), refuse(1, Reason.CHAIN_FROZEN, "the chain does not leap"));
        waits(0, FULL_TRANSACTIONS);
        told(new LeapInput.PoolGrew());
        told(new LeapInput.Frozen(false), new MakeQuant(1, plan(tip, FULL_TRANSACTIONS)));
    }

    @Test
    @DisplayName("ends what it makes when the node stops, and refuses what is asked after it")
    void stops() {
        knowsTip();
        told(new LeapInput.Asked(1, Optional.empty()), new MakeQuant(1, plan(tip, 0)));
        told(new LeapInput.Stop(), new Cancel(1));
        told(new LeapInput.Asked(2, Optional.empty()), refuse(2, Reason.STOPPING, "the node is stopping"));
        told(new LeapInput.Sealed(Optional.empty()), refuse(1, Reason.STOPPING, "the node is stopping"));
    }

    @Test
    @DisplayName("reads the tip again after a quant that came too late for its parent")
    void staleParent() {
        appending();
        told(new LeapInput.Judged(new Verdict.Refused(Reason.PARENT_STALE.refusal("late"))), new ReadTip());
    }

    @ParameterizedTest
    @EnumSource(
            value = Reason.class,
            names = {"TRANSACTION_TWICE", "TRANSACTIONS_MISSING"})
    @DisplayName("fills the pool anew when the store says that it is wrong")
    void wrongPool(Reason reason) {
        appending();
        told(new LeapInput.Judged(new Verdict.Refused(reason.refusal("a hash"))), new ReadWaiting(0));
    }

    @Test
    @DisplayName("answers with the store's refusal, and does not trust what it knew of the tip after a failure")
    void unsure() {
        CompactQuant quant = appending();
        told(
                new LeapInput.Failed(new Append(quant, List.of()), Reason.TIMED_OUT.refusal("no answer")),
                refuse(1, Reason.TIMED_OUT, "no answer"));
        told(new LeapInput.Asked(2, Optional.empty()), new ReadTip());
    }

    @Test
    @DisplayName("stores what a seal promises before it is made")
    void promise() {
        Draft draft = drafted();
        SigningRecord after = engine.promise(draft.header(), NOTHING_SIGNED).orElseThrow();
        told(new LeapInput.Drafted(draft), new KeepSigningRecord(NOTHING_SIGNED, after));
        told(new LeapInput.SigningRecordKept(true), new Seal(LEARNT_ROUNDS, draft));
    }

    @Test
    @DisplayName("seals nothing on a promise that was not stored, and reads what is")
    void promiseNotKept() {
        Draft draft = drafted();
        SigningRecord after = engine.promise(draft.header(), NOTHING_SIGNED).orElseThrow();
        told(new LeapInput.Drafted(draft), new KeepSigningRecord(NOTHING_SIGNED, after));
        told(new LeapInput.SigningRecordKept(false), new ReadSigningRecord());
    }

    @Test
    @DisplayName("seals nothing on a promise of which nobody knows whether it was stored")
    void promiseUnsure() {
        Draft draft = drafted();
        SigningRecord after = engine.promise(draft.header(), NOTHING_SIGNED).orElseThrow();
        KeepSigningRecord keep = new KeepSigningRecord(NOTHING_SIGNED, after);
        told(new LeapInput.Drafted(draft), keep);
        told(
                new LeapInput.Failed(keep, Reason.STORE_READ_ONLY.refusal("full")),
                refuse(1, Reason.STORE_READ_ONLY, "full"));
    }

    @Test
    @DisplayName("seals without a vote while nobody can say how old the signing record is")
    void noVoteUnheard() {
        listening = new Listening(0, false);
        bound();
        told(new LeapInput.Asked(1, Optional.empty()), new ReadTip());
        told(new LeapInput.TipRead(tip), new ReadSigningRecord());
        told(new LeapInput.SigningRecordRead(NOTHING_SIGNED), new AskPeers());
        SigningRecord here = engine.forgotten(tip.parent(), now);
        told(new LeapInput.PeersHeard(Optional.empty()), new KeepSigningRecord(NOTHING_SIGNED, here));
        SigningRecord unknown = new SigningRecord(here.slot(), Long.MAX_VALUE, Long.MAX_VALUE);
        told(new LeapInput.SigningRecordKept(true), new MakeDraft(new Plan(tip, List.of(), unknown, now)));
        now += POA.consensus().numbers().get("period");
        Draft draft = draft(tip, 0, unknown);
        SigningRecord after = engine.promise(draft.header(), here).orElseThrow();
        assertThat(after.target()).as("no vote").isZero();
        told(new LeapInput.Drafted(draft), new KeepSigningRecord(here, after));
    }

    @Test
    @DisplayName("says at once who rests and whom the chain waits for, where nobody makes a quant by itself")
    void stalled() {
        restsAfterTheFirst();
        told(new LeapInput.Asked(2, Optional.empty()), new Refuse(2, resting().refusal()));
    }

    @Test
    @DisplayName("says so at once too where something waits and none of those can be reached")
    void stalledAlone() {
        restsAfterTheFirst();
        waits(0, 1);
        told(
                new LeapInput.Asked(2, Optional.empty()),
                new AskReachable(resting().others()),
                new WakeAt(now + AGE_MILLIS));
        told(
                new LeapInput.Reachable(resting().others(), false),
                new Refuse(2, resting().refusal()));
    }

    @Test
    @DisplayName("waits for the quant of another signer that can be reached, and leaps on it")
    void waitsForAnother() {
        restsAfterTheFirst();
        waits(0, 1);
        told(
                new LeapInput.Asked(2, Optional.empty()),
                new AskReachable(resting().others()),
                new WakeAt(now + AGE_MILLIS));
        told(new LeapInput.Reachable(resting().others(), true));
        now += POA.consensus().numbers().get("period");
        tip = grown;
        Draft other = Draft.on(tip, spec.id(), List.of(), engine, Samples.OTHER, SigningRecord.NONE, now);
        Tip next = next(new CompactQuant(other.header(), List.of(), other.ids()));
        List<LeapEffect> effects = machine.step(new LeapInput.HeadMoved(next, 0, List.of()), now);
        assertThat(effects).doesNotHaveAnyElementsOfTypes(Refuse.class, AskReachable.class);
    }

    @Test
    @DisplayName("gives up waiting for another signer's quant in the end, and says whom it waited for")
    void waitsInVain() {
        restsAfterTheFirst();
        waits(0, 1);
        told(
                new LeapInput.Asked(2, Optional.empty()),
                new AskReachable(resting().others()),
                new WakeAt(now + AGE_MILLIS));
        told(new LeapInput.Reachable(resting().others(), true));
        now += PATIENCE_MILLIS;
        assertThat(machine.step(new LeapInput.Tick(), now))
                .contains(new AskReachable(resting().others()));
        List<LeapEffect> effects =
                machine.step(new LeapInput.Reachable(resting().others(), true), now);
        assertThat(effects).contains(new Refuse(2, resting().refusal()));
    }

    @Test
    @DisplayName("of three signers one alone makes the first quant where the chain began after its start")
    void firstOfThree() {
        restsAfterTheFirst();
        assertThat(grown.head().height()).isEqualTo(1);
    }

    @Test
    @DisplayName("says at once that nobody has shown the chain to a key without a record, once it has listened")
    void unheard() {
        listening = new Listening(0, false);
        three();
        told(new LeapInput.Asked(1, Optional.empty()), new ReadTip());
        told(new LeapInput.TipRead(tip), new ReadSigningRecord());
        told(new LeapInput.SigningRecordRead(SigningRecord.NONE), new AskPeers());
        List<LeapEffect> effects = machine.step(new LeapInput.PeersHeard(Optional.empty()), now);
        assertThat(effects)
                .filteredOn(Refuse.class::isInstance)
                .singleElement()
                .extracting(effect -> ((Refuse) effect).refusal().detail())
                .asString()
                .contains("a live peer", Samples.OTHER.key().hex());
    }

    @Test
    @DisplayName("tells why a chain stands still, once something has waited long")
    void stall() {
        restsAfterTheFirst();
        waits(0, 1);
        now += AGE_MILLIS;
        machine.step(new LeapInput.Tick(), now);
        assertThat(machine.stall(now)).isEmpty();
        assertThat(machine.stall(now + STALL_MILLIS)).isEmpty();
        assertThat(machine.stall(now + STALL_MILLIS + 1)).contains(resting().refusal());
        machine.step(new LeapInput.Frozen(true), now);
        assertThat(machine.stall(now + STALL_MILLIS + 1)).isEmpty();
    }

    /** The one signer of three that is up has made the first quant. */
    private void restsAfterTheFirst() {
        three();
        told(new LeapInput.Asked(1, Optional.empty()), new ReadTip());
        told(new LeapInput.TipRead(tip), new ReadSigningRecord());
        told(new LeapInput.SigningRecordRead(NOTHING_SIGNED), new AskPeers());
        told(new LeapInput.PeersHeard(Optional.empty()), new ReadTip());
        Plan plan = new Plan(tip, List.of(), NOTHING_SIGNED, now);
        told(new LeapInput.TipRead(tip), new MakeDraft(plan));
        Draft draft = draft(tip, 0, NOTHING_SIGNED);
        SigningRecord after = engine.promise(draft.header(), NOTHING_SIGNED).orElseThrow();
        told(new LeapInput.Drafted(draft), new KeepSigningRecord(NOTHING_SIGNED, after));
        told(new LeapInput.SigningRecordKept(true), new Seal(LEARNT_ROUNDS, draft));
        CompactQuant quant = new CompactQuant(draft.header(), List.of(), List.of());
        told(new LeapInput.Sealed(Optional.of(quant)), new Append(quant, List.of()));
        Tip next = next(quant);
        machine.step(new LeapInput.HeadMoved(next, 0, List.of()), now);
        told(new LeapInput.Judged(new Verdict.Extended(next.head())), new Leaped(1, next.head(), 1, 0));
    }

    /** Three signers in a slot in which it is this one's turn. */
    private void three() {
        use(THREE);
        while (!(engine.turn(tip.parent(), Samples.SIGNER.key(), now) instanceof Turn.Now)) {
            now++;
        }
    }

    private Turn.Resting resting() {
        return (Turn.Resting) engine.turn(grown.parent(), Samples.SIGNER.key(), now);
    }

    private void bound() {
        use(POA);
    }

    private void use(ChainSpec other) {
        spec = other;
        engine = engine(spec);
        tip = Tip.genesis(spec);
        machine = machine();
    }

    /** A machine of the engine whose seals bind the key, up to the draft. */
    private Draft drafted() {
        bound();
        told(new LeapInput.Asked(1, Optional.empty()), new ReadTip());
        told(new LeapInput.TipRead(tip), new ReadSigningRecord());
        told(new LeapInput.SigningRecordRead(NOTHING_SIGNED), new AskPeers());
        told(new LeapInput.PeersHeard(Optional.of(false)), new ReadTip());
        Plan plan = new Plan(tip, List.of(), NOTHING_SIGNED, now);
        told(new LeapInput.TipRead(tip), new MakeDraft(plan));
        return draft(tip, 0, NOTHING_SIGNED);
    }

    private CompactQuant appending() {
        knowsTip();
        told(new LeapInput.Asked(1, Optional.empty()), new MakeQuant(1, plan(tip, 0)));
        CompactQuant quant = quant(tip, 0);
        told(new LeapInput.Sealed(Optional.of(quant)), new Append(quant, List.of()));
        return quant;
    }

    private void knowsTip() {
        told(new LeapInput.HeadMoved(tip, 0, List.of()));
    }

    private LeapMachine machine() {
        LeapPolicy policy = new LeapPolicy(FULL_TRANSACTIONS, 0, AGE_MILLIS, REQUESTS_MAX);
        return new LeapMachine(new LeapSetup(spec, engine, Samples.SIGNER.key(), true, policy, listening), pool, now);
    }

    private static Engine engine(ChainSpec spec) {
        return Engines.of(spec.consensus()).orElseThrow();
    }

    private void told(LeapInput input, LeapEffect... effects) {
        assertThat(machine.step(input, now)).as("after %s", input).containsExactly(effects);
    }

    private static Refuse refuse(long request, Reason reason, String detail) {
        return new Refuse(request, reason.refusal(detail));
    }

    private void waits(int from, int count) {
        entries(from, count).forEach(entry -> pool.add(entry.sequence(), entry.id(), entry.bytes(), now, false));
    }

    private List<Pool.Entry> entries(int from, int count) {
        return each(from, count, n -> new Pool.Entry(n, id(n), ENTRY_BYTES, now));
    }

    private static List<LogRange> logRanges(int from, int count) {
        return List.of(new LogRange(from, count));
    }

    private static List<Hash> ids(int from, int count) {
        return each(from, count, LeapMachineTest::id);
    }

    private static <T> List<T> each(int from, int count, Function<Integer, T> made) {
        return IntStream.range(from, from + count).mapToObj(made::apply).toList();
    }

    private static Hash id(int n) {
        return Sha256.of(("transaction " + n).getBytes(StandardCharsets.US_ASCII));
    }

    /** What is made of the first that wait. */
    private Plan plan(Tip on, int count) {
        return plan(on, pool.first(count, Long.MAX_VALUE).ids());
    }

    private Plan plan(Tip on, List<Hash> ids) {
        return new Plan(on, ids, SigningRecord.NONE, now);
    }

    private Draft draft(Tip on, int count, SigningRecord before) {
        return Draft.on(on, spec.id(), pool.first(count, Long.MAX_VALUE).ids(), engine, Samples.SIGNER, before, now);
    }

    private CompactQuant quant(Tip on, int count) {
        Draft draft = draft(on, count, SigningRecord.NONE);
        return new CompactQuant(draft.header(), List.of(), draft.ids());
    }

    private Tip next(CompactQuant quant) {
        Tip next = tip.next(
                quant.header(),
                quant.header().hash(),
                tip.frontier().append(quant.ids()),
                engine,
                engine.next(tip.parent(), quant, List.of(), Ed25519.VERIFIER));
        grown = next;
        return next;
    }
}
