package io.qbc.mining;

import io.qbc.consensus.Engine;
import io.qbc.consensus.Engines;
import io.qbc.consensus.Promise;
import io.qbc.consensus.Sealing;
import io.qbc.consensus.Turn;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.ChainSpec;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
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

    Sealer(ChainSpec spec, Signer signer, WorkerExecutor threads) {
        this.chain = spec.id();
        this.engine = Engines.of(spec.consensus())
                .orElseThrow(() -> new IllegalStateException(
                        "no engine " + spec.consensus().engine()));
        this.signer = signer;
        this.threads = threads;
    }

    /** Why this node may not leap on this tip; empty if it may. */
    Optional<Refusal> due(Tip tip, long now) {
        Turn turn = engine.turn(tip.parent(), signer.key(), tip.timestamp(now));
        if (turn instanceof Turn.Never never) {
            return Optional.of(never.refusal());
        }
        return turn instanceof Turn.At at
                ? Optional.of(Reason.NOT_DUE.refusal("it is this node's turn at " + at.timestamp()))
                : Optional.empty();
    }

    /** Seals a batch on a tip; nothing when the round was cancelled before it was done. */
    Future<Optional<Outline>> seal(Tip tip, Pool.Batch batch, long now, Round round) {
        long chance = chances.nextLong();
        return threads.executeBlocking(
                () -> {
                    Draft draft = Draft.on(tip, chain, batch.ids(), engine, signer, Promise.NONE, now);
                    Sealing sealing = engine.seal(draft.header(), signer, chance);
                    Optional<Sealing.Sealed> sealed = Optional.empty();
                    while (sealed.isEmpty() && !round.cancelled()) {
                        sealed = sealing.step(ATTEMPTS);
                    }
                    return sealed.map(done -> new Outline(done.header(), done.seals(), batch.ids()));
                },
                false);
    }

    /** One attempt to seal, which another thread may call off. */
    static final class Round {
        private volatile boolean cancelled;

        void cancel() {
            cancelled = true;
        }

        boolean cancelled() {
            return cancelled;
        }
    }
}
