package io.qbc.sim;

import io.qbc.bus.Catalogue.Append;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Promise;
import io.qbc.consensus.engine.Sealing.Sealed;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Signer;
import io.qbc.model.Verdict;
import java.util.Optional;

/** One life of a node's key: makes quants in its turn, votes, and keeps what it promised. */
final class Seat {
    private static final int ATTEMPTS = 100_000;

    private final World world;
    private final Post post;
    private Promise promise;
    private long idleUntil;
    private Hash idleOn = Hash.ZERO;

    /** @param promise what the disk has of earlier lives */
    Seat(World world, Post post, Promise promise) {
        this.world = world;
        this.post = post;
        this.promise = promise;
    }

    private Engine engine() {
        return post.track().engine();
    }

    private Signer signer() {
        return post.node().signer();
    }

    /** Looks whether it is the key's turn, and what it owes. */
    void look() {
        Tip tip = post.ledger().tip();
        if (world.schedule().now() < idleUntil && tip.head().hash().equals(idleOn)) {
            return;
        }
        engine().duty(tip.parent(), signer().key(), promise).ifPresent(this::vote);
        act(post.ledger().tip());
    }

    private void vote(Duty duty) {
        if (bind(duty.promise())) {
            post.say(duty.type(), duty.payload());
        }
    }

    /** Stores a promise before the signature that makes it leaves. */
    private boolean bind(Promise after) {
        if (after.equals(promise)) {
            return true;
        }
        if (!post.ledger().keepPromise(after)) {
            return false;
        }
        promise = after;
        return true;
    }

    private void act(Tip tip) {
        Turn turn = engine().turn(
                        tip.parent(), signer().key(), tip.timestamp(post.node().millis()));
        if (turn instanceof Turn.At at) {
            // A clock may be set meanwhile, so that it looks again before long.
            idleUntil = world.schedule().now()
                    + Math.min(500, at.timestamp() - post.node().millis());
            idleOn = tip.head().hash();
        } else if (turn instanceof Turn.Now && post.track().due()) {
            leap(tip);
        }
    }

    private void leap(Tip tip) {
        if (!post.node().honest()
                && world.scenario().rogue()
                && post.track().rogue().makes(post, tip)) {
            return;
        }
        ChainSpec spec = post.track().spec();
        Pool.Batch batch = post.pool()
                .first(spec.limits().quantTransactionsMax(), spec.limits().quantBytesMax());
        Draft draft = Draft.on(
                tip,
                spec.id(),
                batch.ids(),
                engine(),
                signer(),
                promise,
                post.node().millis());
        Optional<Promise> after = engine().promise(draft.header(), promise);
        if (after.isEmpty() || !bind(after.get())) {
            return;
        }
        Sealed sealed = engine().seal(draft.header(), signer(), world.random().nextLong())
                .step(ATTEMPTS)
                .orElseThrow();
        Outline outline = new Outline(sealed.header(), sealed.seals(), batch.ids());
        if (post.append(Append.own(spec.id(), outline, batch.runs())) instanceof Verdict.Refused) {
            post.fill();
        }
    }
}
