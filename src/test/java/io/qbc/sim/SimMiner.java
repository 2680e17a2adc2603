package io.qbc.sim;

import io.qbc.bus.Catalogue.Append;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.qbc.model.Verdict;
import java.util.Optional;

/** One life of a node's key: makes quants in its turn, votes, and keeps what it promised. */
final class SimMiner {
    private static final int ATTEMPTS = 100_000;

    private final World world;
    private final SimChain simChain;
    private SigningRecord signingRecord;
    private long idleUntil;
    private Hash idleOn = Hash.ZERO;

    /** @param signingRecord what the disk has of earlier lives */
    SimMiner(World world, SimChain simChain, SigningRecord signingRecord) {
        this.world = world;
        this.simChain = simChain;
        this.signingRecord = signingRecord;
    }

    private Engine engine() {
        return simChain.track().engine();
    }

    private Signer signer() {
        return simChain.node().signer();
    }

    /** Looks whether it is the key's turn, and what it owes. */
    void look() {
        Tip tip = simChain.ledger().tip();
        if (world.schedule().now() < idleUntil && tip.head().hash().equals(idleOn)) {
            return;
        }
        engine().duty(tip.parent(), signer().key(), signingRecord).ifPresent(this::vote);
        act(simChain.ledger().tip());
    }

    private void vote(Duty duty) {
        if (bind(duty.signingRecord())) {
            simChain.say(duty.type(), duty.payload());
        }
    }

    /** Stores a promise before the signature that makes it leaves. */
    private boolean bind(SigningRecord after) {
        if (after.equals(signingRecord)) {
            return true;
        }
        if (!simChain.ledger().keepPromise(after)) {
            return false;
        }
        signingRecord = after;
        return true;
    }

    private void act(Tip tip) {
        Turn turn = engine().turn(
                        tip.parent(),
                        signer().key(),
                        tip.timestamp(simChain.node().millis()));
        if (turn instanceof Turn.At at) {
            // A clock may be set meanwhile, so that it looks again before long.
            idleUntil = world.schedule().now()
                    + Math.min(500, at.timestamp() - simChain.node().millis());
            idleOn = tip.head().hash();
        } else if (turn instanceof Turn.Now && simChain.track().due()) {
            leap(tip);
        }
    }

    private void leap(Tip tip) {
        if (!simChain.node().honest()
                && world.scenario().rogue()
                && simChain.track().rogue().makes(simChain, tip)) {
            return;
        }
        ChainSpec spec = simChain.track().spec();
        Pool.Batch batch = simChain.pool()
                .first(spec.limits().quantTransactionsMax(), spec.limits().quantBytesMax());
        Draft draft = Draft.on(
                tip,
                spec.id(),
                batch.ids(),
                engine(),
                signer(),
                signingRecord,
                simChain.node().millis());
        Optional<SigningRecord> after = engine().promise(draft.header(), signingRecord);
        if (after.isEmpty() || !bind(after.get())) {
            return;
        }
        Sealed sealed = engine().seal(draft.header(), signer(), world.random().nextLong())
                .step(ATTEMPTS)
                .orElseThrow();
        CompactQuant compactQuant = new CompactQuant(sealed.header(), sealed.seals(), batch.ids());
        if (simChain.append(Append.own(spec.id(), compactQuant, batch.logRanges())) instanceof Verdict.Refused) {
            simChain.fill();
        }
    }
}
