package io.qbc.mining;

import io.qbc.consensus.Engines;
import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Sealing;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.consensus.engine.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
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
    private final boolean signs;
    private final WorkerExecutor threads;
    private final SplittableRandom chances = new SplittableRandom();

    /** @param signs whether this node may sign for the chain */
    Sealer(ChainSpec spec, Engine engine, Signer signer, boolean signs, WorkerExecutor threads) {
        this.chain = spec.id();
        this.engine = engine;
        this.signer = signer;
        this.signs = signs || Engines.participantsMax(spec.consensus().engine()) == 0;
        this.threads = threads;
    }

    /** When this node may leap on this tip. */
    Turn turn(Tip tip, long now) {
        return signs
                ? engine.turn(tip.parent(), signer.key(), tip.timestamp(now))
                : new Turn.Never(
                        Reason.PRODUCER_NOT_PERMITTED.refusal("this node is not configured to sign for the chain"));
    }

    /** Whether a seal binds this node's key to something on all branches. */
    boolean binds(Tip tip) {
        return signs && engine.slot(tip.head().header()) >= 0;
    }

    /** The vote that this node owes on this tip. */
    Optional<Duty> duty(Tip tip, SigningRecord signingRecord) {
        return engine.duty(tip.parent(), signer.key(), signingRecord);
    }

    /** Drafts a batch on a tip and seals it; nothing when the round was cancelled before it was done. */
    Future<Optional<CompactQuant>> seal(Tip tip, Pool.Batch batch, long now, Round round) {
        return threads.executeBlocking(() -> sealed(drafted(tip, batch, SigningRecord.NONE, now), round), false);
    }

    /** Drafts a batch on a tip, after what was promised. */
    Future<Draft> draft(Tip tip, Pool.Batch batch, SigningRecord signingRecord, long now) {
        return threads.executeBlocking(() -> drafted(tip, batch, signingRecord, now), false);
    }

    /** What sealing the draft would bind this node to; nothing if it may not. */
    Optional<SigningRecord> promise(Draft draft, SigningRecord before) {
        return engine.promise(draft.header(), before);
    }

    /** Seals a draft; nothing when the round was cancelled before it was done. */
    Future<Optional<CompactQuant>> seal(Draft draft, Round round) {
        return threads.executeBlocking(() -> sealed(draft, round), false);
    }

    private Draft drafted(Tip tip, Pool.Batch batch, SigningRecord signingRecord, long now) {
        return Draft.on(tip, chain, batch.ids(), engine, signer, signingRecord, now);
    }

    private Optional<CompactQuant> sealed(Draft draft, Round round) {
        Sealing sealing = engine.seal(draft.header(), signer, round.chance);
        Optional<Sealing.Sealed> sealed = Optional.empty();
        while (sealed.isEmpty() && !round.cancelled()) {
            sealed = sealing.step(ATTEMPTS);
        }
        return sealed.map(done -> new CompactQuant(done.header(), done.seals(), draft.ids()));
    }

    Round round() {
        return new Round(chances.nextLong());
    }

    /** One attempt to seal, which another thread may call off. */
    static final class Round {
        private final long chance;
        private volatile boolean cancelled;

        Round(long chance) {
            this.chance = chance;
        }

        void cancel() {
            cancelled = true;
        }

        boolean cancelled() {
            return cancelled;
        }
    }
}
