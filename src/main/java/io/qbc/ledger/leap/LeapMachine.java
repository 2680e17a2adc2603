package io.qbc.ledger.leap;

import io.qbc.consensus.engine.KeyList;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.CompactQuant;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The leaps of one chain, one at a time in the order of the requests, and the votes of this node's key: told what
 * happened and when, it says what is to be done. Whoever runs it tells it of every move of the head in the order in
 * which the store tells it, of the one by an own quant before the verdict on it.
 */
public final class LeapMachine {
    private static final int TRIES_MAX = 64;
    /** How long a requested leap waits for this node's turn; one by itself waits as long as it takes. */
    private static final long PATIENCE_MILLIS = 30_000;
    /** How much longer than by the policy something waits, on a head that stands still, before that is told. */
    private static final long STALL_MILLIS = 60_000;
    /** When to look again whether the slot has passed in which this node sealed already. */
    private static final long SLOT_MILLIS = 100;

    private static final long NEVER = Long.MAX_VALUE;

    private final LeapSetup setup;
    private final Pool pool;
    private final PoolLoader loader;
    private final AutoLeap auto;
    private final SlashingProtection protection;
    private final Votes votes;
    private final Deque<LeapRequest> requests = new ArrayDeque<>();
    private List<LeapEffect> effects = new ArrayList<>();
    private long now;
    private Optional<Tip> tip = Optional.empty();
    private boolean readingTip;
    private State state = new Idle();
    private long round;
    private boolean cancelled;
    private long wakeAt = NEVER;
    private boolean frozen;
    private boolean stopped;
    private long movedAt;
    /** Why the last leap by itself was refused, if the head has not moved since. */
    private Optional<Refusal> refused = Optional.empty();

    /**
     * A machine without requests.
     *
     * @param pool what waits; this machine fills it from the store, and takes out what the chain takes
     * @param now milliseconds since 1970
     */
    public LeapMachine(LeapSetup setup, Pool pool, long now) {
        this.setup = setup;
        this.pool = pool;
        this.loader = new PoolLoader(pool);
        this.auto = new AutoLeap(setup.policy(), pool);
        this.protection = new SlashingProtection(setup.engine(), setup.key(), setup.listening(), now);
        this.votes = new Votes(setup, protection);
        this.movedAt = now;
    }

    /** Where the round stands that is made for the first request. */
    private sealed interface State {}

    private record Idle() implements State {}

    /** The tip or the signing record is not known yet. */
    private record Learning() implements State {}

    /** It is not this node's turn before that time, milliseconds since 1970. */
    private record Waiting(long until, Refusal why) implements State {}

    /** It is asked whether another key can be reached that may make the next quant. */
    private record Asking(Turn.Resting turn) implements State {}

    /** Another key makes the next quant; who asked waits for that until then. */
    private record Resting(long until, Refusal why) implements State {}

    private record Drafting(Pool.Batch batch, SigningRecord before) implements State {}

    /** The draft is there while another promise is being stored. */
    private record Drafted(Draft draft, Pool.Batch batch, SigningRecord before) implements State {}

    /** What the seal promises is being stored. */
    private record Promising(Draft draft, Pool.Batch batch) implements State {}

    private record Sealing(Pool.Batch batch) implements State {}

    private record Appending(Pool.Batch batch) implements State {}

    /**
     * Takes an input in.
     *
     * @param time milliseconds since 1970
     * @return what is to be done, in this order
     */
    public List<LeapEffect> step(LeapInput input, long time) {
        now = time;
        effects = new ArrayList<>();
        try {
            if (input instanceof LeapInput.Answer answer) {
                answered(answer);
            } else {
                happened(input);
            }
            goOn();
        } catch (RuntimeException e) {
            broke(e);
        }
        return effects;
    }

    /** Why what waits is not sealed, if it has waited too long on a head that stands still. */
    public Optional<Refusal> stall(long time) {
        boolean rests = frozen || stopped || loader.whole() || setup.policy().ageMillis() == 0;
        if (rests || state instanceof Sealing || pool.oldest().isEmpty()) {
            return Optional.empty();
        }
        long since = Math.max(movedAt, pool.oldest().get());
        if (time - since <= STALL_MILLIS + setup.policy().ageMillis()) {
            return Optional.empty();
        }
        if (state instanceof Waiting waiting) {
            return Optional.of(waiting.why());
        }
        return state instanceof Resting resting
                ? Optional.of(resting.why())
                : refused.or(() -> Optional.of(Reason.NOT_DUE.refusal("nobody makes the next quant")));
    }

    /** Ends the present round over a fault in deciding on it, so that the next ones are made. */
    private void broke(RuntimeException cause) {
        effects.add(new LeapEffect.Broken(cause));
        votes.drop();
        if (!requests.isEmpty()) {
            refuse(requests.element(), Reason.INTERNAL.refusal(cause.toString()));
        }
        effects.add(new LeapEffect.WakeAt(now));
    }

    private void happened(LeapInput input) {
        if (input instanceof LeapInput.HeadMoved moved) {
            headMoved(moved);
        } else if (input instanceof LeapInput.Asked asked) {
            request(new LeapRequest(asked.request(), pool.last(), asked.on(), now + PATIENCE_MILLIS));
            if (state instanceof Resting) {
                endRound();
            }
        } else if (input instanceof LeapInput.Tick) {
            wakeAt = NEVER;
            endWait();
        } else if (input instanceof LeapInput.Load) {
            load();
        } else if (input instanceof LeapInput.BacklogGrew grew) {
            loader.more(grew.from(), effects);
        } else if (input instanceof LeapInput.Frozen change) {
            frozen = change.frozen();
            endWait();
        } else if (input instanceof LeapInput.Stop) {
            stopped = true;
            cancel();
            endWait();
        }
    }

    private void answered(LeapInput.Answer answer) {
        if (answer instanceof LeapInput.TipRead read) {
            readingTip = false;
            tip = Optional.of(read.tip());
            learnt();
        } else if (answer instanceof LeapInput.SigningRecordRead read) {
            protection.read(read.signingRecord());
            learnt();
        } else if (answer instanceof LeapInput.SigningRecordKept stored) {
            kept(stored.kept());
        } else if (answer instanceof LeapInput.PeersHeard heard) {
            if (protection.heard(heard.ahead(), now)) {
                // The present one may be of before the peers were heard, and behind them.
                tip = Optional.empty();
            }
            learnt();
        } else if (answer instanceof LeapInput.Reachable reachable) {
            if (state instanceof Asking asking && asking.turn().others().equals(reachable.keys())) {
                rest(asking.turn().refusal(), reachable.any());
            }
        } else if (answer instanceof LeapInput.WaitingRead page) {
            loader.read(page, now, effects);
        } else if (answer instanceof LeapInput.Drafted drafted && state instanceof Drafting drafting) {
            promise(drafted.draft(), drafting.batch(), drafting.before());
        } else if (answer instanceof LeapInput.Sealed sealed && state instanceof Sealing sealing) {
            sealed.quant()
                    .filter(this::isOnTip)
                    .ifPresentOrElse(quant -> append(quant, sealing.batch()), this::endRound);
        } else if (answer instanceof LeapInput.Judged judged && state instanceof Appending appending) {
            judged(judged.verdict(), appending.batch());
        } else if (answer instanceof LeapInput.Failed failed) {
            failed(failed.effect(), failed.refusal());
        }
    }

    /** Does what has become possible. */
    private void goOn() {
        do {
            vote();
            while (state instanceof Idle && !loader.whole() && !requests.isEmpty()) {
                begin(requests.element());
            }
        } while (leapByItself());
        wake();
    }

    private void vote() {
        if (votes.due() && !stopped) {
            tip.ifPresentOrElse(on -> votes.look(on, now, effects), this::readTip);
        }
    }

    private boolean leapByItself() {
        if (stopped || frozen || loader.whole() || !auto.due(now)) {
            return false;
        }
        auto.begun();
        request(new LeapRequest(LeapEffect.BY_ITSELF, pool.last(), Optional.empty(), NEVER));
        return true;
    }

    private void wake() {
        long at = NEVER;
        if (state instanceof Waiting waiting) {
            at = waiting.until();
        } else if (state instanceof Resting resting) {
            at = resting.until();
        }
        OptionalLong next = stopped || frozen || loader.whole() ? OptionalLong.empty() : auto.next();
        at = Math.min(at, next.orElse(NEVER));
        if (at < wakeAt) {
            wakeAt = at;
            effects.add(new LeapEffect.WakeAt(at));
        }
    }

    // The requests.

    private void request(LeapRequest request) {
        if (stopped) {
            refuse(request, stopping());
        } else if (requests.size() >= setup.policy().requestsMax()) {
            refuse(request, Reason.BUSY.refusal(setup.policy().requestsMax() + " leaps wait already"));
        } else {
            requests.add(request);
        }
    }

    private static Refusal stopping() {
        return Reason.STOPPING.refusal("the node is stopping");
    }

    private void refuse(LeapRequest request, Refusal refusal) {
        if (request.byItself()) {
            auto.refused(now);
            refused = Optional.of(refusal);
        }
        finish(request, new LeapEffect.Refuse(request.id(), refusal));
    }

    private void leaped(LeapRequest request, LeapEffect answer) {
        if (request.byItself()) {
            auto.leaped();
        }
        finish(request, answer);
    }

    private void finish(LeapRequest request, LeapEffect answer) {
        if (request == requests.peek()) {
            endRound();
        }
        requests.remove(request);
        effects.add(answer);
    }

    // A round.

    private void begin(LeapRequest request) {
        if (frozen) {
            refuse(request, Reason.CHAIN_FROZEN.refusal("the chain does not leap"));
        } else if (stopped) {
            refuse(request, stopping());
        } else if (request.attempt(TRIES_MAX)) {
            decide(request);
        } else {
            refuse(request, Reason.BUSY.refusal("the head moved under each of " + TRIES_MAX + " tries"));
        }
    }

    /** Decides on the round's next step by the tip and the signing record, as soon as both are known. */
    private void decide(LeapRequest request) {
        round++;
        cancelled = false;
        if (tip.isEmpty()) {
            readTip();
            state = new Learning();
            return;
        }
        Tip on = tip.get();
        if (request.idle(on.head()) && !pool.waitsUpTo(request.upTo())) {
            leaped(request, request.leaped(on.head()));
            return;
        }
        Turn turn = setup.turn(on, now);
        if (turn instanceof Turn.Never never) {
            refuse(request, never.refusal());
        } else if (turn instanceof Turn.At at) {
            waitUntil(at.timestamp(), Reason.NOT_DUE.refusal("it is this node's turn at " + at.timestamp()));
        } else if (turn instanceof Turn.Resting resting) {
            rest(resting);
        } else if (setup.binds(on)) {
            decide(on, protection.standing(on, now, effects));
        } else {
            Pool.Batch batch = batch();
            state = new Sealing(batch);
            effects.add(new LeapEffect.MakeQuant(round, plan(on, batch, SigningRecord.NONE)));
        }
    }

    private void decide(Tip on, SlashingProtection.Standing standing) {
        if (standing instanceof SlashingProtection.Standing.Known known) {
            Pool.Batch batch = batch();
            state = new Drafting(batch, known.signingRecord());
            effects.add(new LeapEffect.MakeDraft(plan(on, batch, known.bound())));
        } else if (standing instanceof SlashingProtection.Standing.Quiet quiet) {
            listen(quiet.until());
        } else {
            state = new Learning();
        }
    }

    private Pool.Batch batch() {
        return pool.first(
                setup.spec().limits().quantTransactionsMax(),
                setup.spec().limits().quantBytesMax());
    }

    private LeapEffect.Plan plan(Tip on, Pool.Batch batch, SigningRecord before) {
        return new LeapEffect.Plan(on, batch.ids(), before, now);
    }

    private void readTip() {
        if (!readingTip) {
            readingTip = true;
            effects.add(new LeapEffect.ReadTip());
        }
    }

    /** Waits until more is known of the chain, unless nobody is there who could tell. */
    private void listen(long until) {
        if (protection.unheard()) {
            Refusal why = Reason.NOT_DUE.refusal("this node's key signs nothing before a live peer has shown it the"
                    + " chain, as it has no record of what it signed; the chain began with "
                    + KeyList.text(setup.spec().consensus().participants()));
            asked().forEach(request -> refuse(request, why));
            if (!requests.isEmpty()) {
                waitUntil(until, why);
            }
        } else {
            waitUntil(until, Reason.NOT_DUE.refusal("this node's key listens to the chain before it signs"));
        }
    }

    private List<LeapRequest> asked() {
        return requests.stream().filter(request -> !request.byItself()).toList();
    }

    /** Another one makes the next quant, by itself if something waits, and if it is there. */
    private void rest(Turn.Resting turn) {
        boolean leapsByItself = pool.transactions() > 0 && setup.policy().ageMillis() > 0;
        if (asked().isEmpty() || !leapsByItself) {
            rest(turn.refusal(), false);
        } else {
            state = new Asking(turn);
            effects.add(new LeapEffect.AskReachable(turn.others()));
        }
    }

    /** Waits for the quant of another one; who asked does so only if that can be expected. */
    private void rest(Refusal why, boolean expected) {
        asked().stream()
                .filter(request -> !expected || !request.waitsUntil(now + 1))
                .forEach(request -> refuse(request, why));
        if (requests.isEmpty()) {
            return;
        }
        requests.element().tries(-1);
        long until = requests.stream().mapToLong(LeapRequest::deadline).min().orElse(NEVER);
        state = new Resting(until, why);
    }

    /** Waits for this node's turn, unless that takes longer than who asked can wait. */
    private void waitUntil(long due, Refusal notDue) {
        LeapRequest first = requests.element();
        List.copyOf(requests).stream()
                .filter(other -> other != first && !other.waitsUntil(due))
                .forEach(other -> refuse(other, notDue));
        if (first.waitsUntil(due)) {
            first.tries(-1);
            state = new Waiting(due, notDue);
        } else {
            refuse(first, notDue);
        }
    }

    private void endWait() {
        if (state instanceof Waiting || state instanceof Asking || state instanceof Resting) {
            endRound();
        }
    }

    private void endRound() {
        state = new Idle();
    }

    private void cancel() {
        cancelled = true;
        if (state instanceof Sealing) {
            effects.add(new LeapEffect.Cancel(round));
        }
    }

    /** What the seal promises is stored before it is made. */
    private void promise(Draft draft, Pool.Batch batch, SigningRecord before) {
        if (cancelled) {
            endRound();
        } else if (protection.busy()) {
            state = new Drafted(draft, batch, before);
        } else if (protection.is(before)) {
            promise(draft, batch, before, setup.engine().promise(draft.header(), before));
        } else {
            endRound();
        }
    }

    private void promise(Draft draft, Pool.Batch batch, SigningRecord before, Optional<SigningRecord> after) {
        if (after.isEmpty()) {
            waitUntil(now + SLOT_MILLIS, Reason.NOT_DUE.refusal("this node's key has signed for this slot already"));
        } else if (after.get().equals(before)) {
            seal(draft, batch);
        } else {
            protection.keep(before, after.get(), effects);
            state = new Promising(draft, batch);
        }
    }

    private void seal(Draft draft, Pool.Batch batch) {
        state = new Sealing(batch);
        effects.add(new LeapEffect.Seal(round, draft));
    }

    /** Whether the chain may take the quant, as far as is known here. */
    private boolean isOnTip(CompactQuant quant) {
        return tip.filter(on -> !on.head().hash().equals(quant.header().previous()))
                .isEmpty();
    }

    private void append(CompactQuant quant, Pool.Batch batch) {
        state = new Appending(batch);
        effects.add(new LeapEffect.Append(quant, batch.logRanges()));
    }

    private void judged(Verdict verdict, Pool.Batch batch) {
        LeapRequest request = requests.element();
        if (verdict instanceof Verdict.Extended extended) {
            batch.logRanges().forEach(pool::remove);
            request.made(batch.ids().size());
            if (pool.waitsUpTo(request.upTo())) {
                endRound();
            } else {
                leaped(request, request.leaped(extended.head()));
            }
        } else if (verdict instanceof Verdict.Refused refused) {
            refused(request, refused.refusal());
        } else {
            refuse(request, Reason.INTERNAL.refusal("unexpected verdict " + verdict));
        }
    }

    private void refused(LeapRequest request, Refusal refusal) {
        switch (refusal.reason()) {
            case PARENT_STALE -> {
                tip = Optional.empty();
                endRound();
            }
            // Its slot may have ended while the promise was stored.
            case QUANT_TIME_EARLY, NOT_DUE -> endRound();
            case TRANSACTION_TWICE, TRANSACTIONS_MISSING -> {
                // The pool fell behind the store, which is the truth.
                request.tries(TRIES_MAX / 4);
                endRound();
                load();
            }
            default -> refuse(request, refusal);
        }
    }

    // The store's answers.

    private void load() {
        cancel();
        loader.all(effects);
    }

    /** Another head makes the present round worthless, unless it is the round's own quant. */
    private void headMoved(LeapInput.HeadMoved moved) {
        movedAt = now;
        refused = Optional.empty();
        protection.headMoved(moved.tip().head(), moved.undone(), now);
        if (moved.undone() > 0) {
            // Only the store knows what waits again.
            load();
        } else {
            loader.placed(moved.placed());
        }
        if (tip.filter(known -> ForkChoice.better(known.head(), moved.tip().head()))
                .isPresent()) {
            // The known one was read while this one was on its way.
            return;
        }
        votes.headMoved();
        cancel();
        endWait();
        if (!readingTip) {
            // The answer that is on its way is no older than this one, and maybe newer.
            tip = Optional.of(moved.tip());
            learnt();
        }
    }

    /** Goes on with what waited for the tip or the signing record. */
    private void learnt() {
        if (state instanceof Learning && loader.whole()) {
            endRound();
        } else if (state instanceof Learning) {
            decide(requests.element());
        } else if (state instanceof Drafted drafted) {
            promise(drafted.draft(), drafted.batch(), drafted.before());
        }
    }

    private void kept(boolean kept) {
        protection.kept(kept);
        if (state instanceof Promising promising) {
            if (kept && !cancelled) {
                seal(promising.draft(), promising.batch());
            } else {
                endRound();
            }
            return;
        }
        votes.kept(kept, effects);
        learnt();
    }

    private void failed(LeapEffect effect, Refusal refusal) {
        if (effect instanceof LeapEffect.ReadWaiting) {
            loader.failed(refusal, effects);
        } else if (effect instanceof LeapEffect.ReadTip) {
            readingTip = false;
            notLearnt(refusal);
        } else if (effect instanceof LeapEffect.KeepSigningRecord && votes.promising()) {
            protection.failed();
            votes.failed(refusal, effects);
            learnt();
        } else if (effect instanceof LeapEffect.ReadSigningRecord
                || effect instanceof LeapEffect.KeepSigningRecord
                || effect instanceof LeapEffect.AskPeers) {
            protection.failed();
            notLearnt(refusal);
        } else if (effect instanceof LeapEffect.AskReachable) {
            if (state instanceof Asking asking) {
                rest(asking.turn().refusal(), false);
            }
        } else if (!requests.isEmpty()) {
            if (effect instanceof LeapEffect.Append) {
                // Nobody knows whether it was stored.
                tip = Optional.empty();
            }
            refuse(requests.element(), refusal);
        }
    }

    private void notLearnt(Refusal refusal) {
        votes.failed(refusal, effects);
        if (state instanceof Drafted) {
            endRound();
        } else if (state instanceof Learning || state instanceof Promising) {
            refuse(requests.element(), refusal);
        }
    }
}
