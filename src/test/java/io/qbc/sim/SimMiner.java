package io.qbc.sim;

import io.qbc.bus.Catalogue;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.ledger.leap.LeapEffect;
import io.qbc.ledger.leap.LeapInput;
import io.qbc.ledger.leap.LeapMachine;
import io.qbc.ledger.leap.LeapPolicy;
import io.qbc.ledger.leap.LeapRunner;
import io.qbc.ledger.leap.LeapSetup;
import io.qbc.ledger.leap.Listening;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Signer;
import io.qbc.persistence.SimLedger;
import java.util.List;
import java.util.Optional;

/** One life of a node's key in a chain: carries out what the product's own machine decides. */
final class SimMiner implements LeapEffect.Performer {
    private static final int ATTEMPTS = 100_000;
    private static final int REQUESTS_MAX = 10;
    private static final long LISTENING_MILLIS_MIN = 1000;
    /** A clock may be set meanwhile, so that it looks again before long. */
    private static final long WAKE_MILLIS_MAX = 500;
    /** So many seals in one are made while other things happen, within so many milliseconds. */
    private static final int SLOW_ONES = 8;

    private static final int SLOW_MILLIS_MAX = 200;

    private final World world;
    private final SimChain simChain;
    private final LeapRunner runner;
    private boolean asked;
    private long requests;
    private long wakes;
    private long cancelled;

    SimMiner(World world, SimChain simChain) {
        this.world = world;
        this.simChain = simChain;
        SimNode node = simChain.node();
        LeapSetup setup = new LeapSetup(
                spec(), engine(), signer().key(), true, new LeapPolicy(0, 0, 0, REQUESTS_MAX), listening(node));
        runner = new LeapRunner(new LeapMachine(setup, simChain.pool(), node.millis()), node::millis, this);
    }

    private Listening listening(SimNode node) {
        return world.has(Bug.TRUST_COPY)
                ? new Listening(0, true)
                : Listening.of(spec(), signer().key(), LISTENING_MILLIS_MIN, node.startedAt() + SimLedger.DRIFT);
    }

    private Engine engine() {
        return simChain.track().engine();
    }

    private ChainSpec spec() {
        return simChain.track().spec();
    }

    private Signer signer() {
        return simChain.node().signer();
    }

    private SimLedger ledger() {
        return simChain.ledger();
    }

    void step(LeapInput input) {
        runner.step(input);
    }

    /** Asks for a leap now and then, one at a time. */
    void look() {
        if (!asked && simChain.track().due()) {
            asked = true;
            step(new LeapInput.Asked(++requests, Optional.empty()));
        }
    }

    /** A key that keeps quiet makes nothing, and at the end nobody does. */
    private boolean makesQuants() {
        return simChain.node().speaks() && !world.ended();
    }

    private void refused(LeapEffect effect, Reason reason) {
        step(new LeapInput.Failed(effect, reason.refusal("simulated")));
    }

    /** Tells what comes of reading the disk, which may be damaged. */
    private void reads(LeapEffect effect, Runnable reading) {
        if (!simChain.node().reads(reading)) {
            refused(effect, Reason.CORRUPT);
        }
    }

    @Override
    public void readTip(LeapEffect.ReadTip effect) {
        step(new LeapInput.TipRead(ledger().tip()));
    }

    @Override
    public void readSigningRecord(LeapEffect.ReadSigningRecord effect) {
        reads(effect, () -> step(new LeapInput.SigningRecordRead(known(ledger().signingRecord()))));
    }

    private SigningRecord known(SigningRecord stored) {
        boolean forgets = world.has(Bug.FORGET_PROMISE) && !stored.equals(SigningRecord.NONE);
        return forgets ? new SigningRecord(0, 0, 0) : stored;
    }

    @Override
    public void keepSigningRecord(LeapEffect.KeepSigningRecord effect) {
        reads(effect, () -> {
            boolean same =
                    world.has(Bug.FORGET_PROMISE) || ledger().signingRecord().equals(effect.before());
            if (!simChain.node().speaks()) {
                refused(effect, Reason.NOT_DUE);
            } else if (!same) {
                step(new LeapInput.SigningRecordKept(false));
            } else if (ledger().keepPromise(effect.after())) {
                step(new LeapInput.SigningRecordKept(true));
            } else {
                refused(effect, Reason.STORE_READ_ONLY);
            }
        });
    }

    @Override
    public void askPeers(LeapEffect.AskPeers effect) {
        step(new LeapInput.PeersHeard(
                world.has(Bug.TRUST_COPY)
                        ? Optional.empty()
                        : simChain.node().simGossip().ahead(simChain.track().id())));
    }

    @Override
    public void askReachable(LeapEffect.AskReachable effect) {
        step(new LeapInput.Reachable(effect.keys(), true));
    }

    @Override
    public void readWaiting(LeapEffect.ReadWaiting effect) {
        reads(effect, () -> step(new LeapInput.WaitingRead(ledger().waiting(), Optional.empty())));
    }

    @Override
    public void makeDraft(LeapEffect.MakeDraft effect) {
        if (makesQuants() && !goesWrong(effect.plan().tip())) {
            step(new LeapInput.Drafted(draft(effect.plan())));
        } else {
            refused(effect, Reason.NOT_DUE);
        }
    }

    @Override
    public void makeQuant(LeapEffect.MakeQuant effect) {
        if (makesQuants() && !goesWrong(effect.plan().tip())) {
            seal(effect.round(), draft(effect.plan()));
        } else {
            refused(effect, Reason.NOT_DUE);
        }
    }

    private boolean goesWrong(Tip tip) {
        return !simChain.node().honest()
                && world.scenario().rogue()
                && simChain.track().rogue().makes(simChain, tip);
    }

    private Draft draft(LeapEffect.Plan plan) {
        return Draft.on(plan.tip(), spec().id(), plan.ids(), engine(), signer(), plan.signingRecord(), plan.now());
    }

    @Override
    public void seal(LeapEffect.Seal effect) {
        seal(effect.round(), effect.draft());
    }

    private void seal(long round, Draft draft) {
        if (world.random().nextInt(SLOW_ONES) == 0) {
            long millis = world.random().nextInt(SLOW_MILLIS_MAX);
            world.schedule().in(millis, "sealed", simChain.node().later(() -> sealed(round, draft)));
        } else {
            sealed(round, draft);
        }
    }

    private void sealed(long round, Draft draft) {
        if (round <= cancelled) {
            world.mark(Mark.CANCELLED);
            step(new LeapInput.Sealed(Optional.empty()));
            return;
        }
        Sealed sealed = engine().seal(draft.header(), signer(), world.random().nextLong())
                .step(ATTEMPTS)
                .orElseThrow();
        step(new LeapInput.Sealed(Optional.of(new CompactQuant(sealed.header(), sealed.seals(), draft.ids()))));
    }

    @Override
    public void cancel(LeapEffect.Cancel effect) {
        cancelled = effect.round();
    }

    @Override
    public void append(LeapEffect.Append effect) {
        List<LogRange> logRanges = effect.logRanges();
        Catalogue.Append own = Catalogue.Append.own(spec().id(), effect.quant(), logRanges);
        reads(effect, () -> step(new LeapInput.Judged(simChain.append(own))));
    }

    @Override
    public void leaped(LeapEffect.Leaped effect) {
        asked = false;
    }

    @Override
    public void refuse(LeapEffect.Refuse effect) {
        asked = false;
    }

    @Override
    public void wakeAt(LeapEffect.WakeAt effect) {
        SimNode node = simChain.node();
        long wake = ++wakes;
        long millis = Math.max(1, Math.min(WAKE_MILLIS_MAX, effect.at() - node.millis()));
        world.schedule().in(millis, "wake " + node.index(), node.later(() -> {
            if (wake == wakes) {
                step(new LeapInput.Tick());
            }
        }));
    }

    @Override
    public void poolLoaded(LeapEffect.PoolLoaded effect) {}

    @Override
    public void announce(LeapEffect.Announce effect) {
        simChain.node().simGossip().admitted(simChain);
    }

    @Override
    public void vote(LeapEffect.Vote effect) {
        simChain.say(effect.duty().type(), effect.duty().payload());
    }

    @Override
    public void notVoted(LeapEffect.NotVoted effect) {}

    @Override
    public void broken(LeapEffect.Broken effect) {
        throw effect.cause();
    }
}
