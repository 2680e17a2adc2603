package io.qbc.mining;

import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing;
import io.qbc.ledger.Draft;
import io.qbc.ledger.leap.LeapEffect;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Signer;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
import java.util.SplittableRandom;

/** Makes sealed quants of one chain on the threads named for it; a search ends early when it is cancelled. */
final class Sealer {
    private static final int ATTEMPTS = 4096;

    private final Hash chain;
    private final Engine engine;
    private final Signer signer;
    private final WorkerExecutor threads;
    private final SplittableRandom chances = new SplittableRandom();
    /** The last round that was cancelled; they are numbered in their order. */
    private volatile long cancelled;

    Sealer(Hash chain, Engine engine, Signer signer, WorkerExecutor threads) {
        this.chain = chain;
        this.engine = engine;
        this.signer = signer;
        this.threads = threads;
    }

    Future<Draft> draft(LeapEffect.Plan plan) {
        return threads.executeBlocking(() -> drafted(plan), false);
    }

    /** Seals a draft; nothing when the round was cancelled before it was done. */
    Future<Optional<CompactQuant>> seal(long round, Draft draft) {
        long chance = chances.nextLong();
        return threads.executeBlocking(() -> sealed(draft, chance, round), false);
    }

    /** Drafts and seals in one; nothing when the round was cancelled before it was done. */
    Future<Optional<CompactQuant>> make(long round, LeapEffect.Plan plan) {
        long chance = chances.nextLong();
        return threads.executeBlocking(() -> sealed(drafted(plan), chance, round), false);
    }

    void cancel(long round) {
        cancelled = round;
    }

    private Draft drafted(LeapEffect.Plan plan) {
        return Draft.on(plan.tip(), chain, plan.ids(), engine, signer, plan.signingRecord(), plan.now());
    }

    private Optional<CompactQuant> sealed(Draft draft, long chance, long round) {
        Sealing sealing = engine.seal(draft.header(), signer, chance);
        Optional<Sealing.Sealed> sealed = Optional.empty();
        while (sealed.isEmpty() && round > cancelled) {
            sealed = sealing.step(ATTEMPTS);
        }
        return sealed.map(done -> new CompactQuant(done.header(), done.seals(), draft.ids()));
    }
}
