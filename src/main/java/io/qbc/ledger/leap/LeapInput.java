package io.qbc.ledger.leap;

import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Pool;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Refusal;
import io.qbc.model.Verdict;
import java.util.List;
import java.util.Optional;

/** What a {@link LeapMachine} is told: that something happened, or what came of an effect. */
public sealed interface LeapInput {
    /** The pool is to be filled from the store: at the start, when it is empty. */
    record Load() implements LeapInput {}

    /**
     * The chain has a new head.
     *
     * @param tip what the next quant is made on
     * @param undone how many quants left the chain
     * @param placed where in this node's log nothing waits any more, since it is in the new quants or another one of
     *     the same author and key is
     */
    record HeadMoved(Tip tip, int undone, List<LogRange> placed) implements LeapInput {
        public HeadMoved {
            placed = List.copyOf(placed);
        }
    }

    /**
     * A leap is asked for, of an empty pool too.
     *
     * @param request a number above {@link LeapEffect#BY_ITSELF} that names it in the answer
     * @param on the one head on which an empty quant is made, so that who asks again gets no second one; any if empty
     */
    record Asked(long request, Optional<Hash> on) implements LeapInput {}

    /** The pool has got new entries. */
    record PoolGrew() implements LeapInput {}

    /** Entries of the log from this sequence number on may wait that are not in the pool. */
    record BacklogGrew(long from) implements LeapInput {}

    /** The chain is frozen on this node, or is not any more. */
    record Frozen(boolean frozen) implements LeapInput {}

    /** The time of a {@link LeapEffect.WakeAt} has come, or the clock was set. */
    record Tick() implements LeapInput {}

    /** No leap is made any more. */
    record Stop() implements LeapInput {}

    /** What came of an effect. */
    sealed interface Answer extends LeapInput {}

    record TipRead(Tip tip) implements Answer {}

    record SigningRecordRead(SigningRecord signingRecord) implements Answer {}

    /** Whether the record was stored; it is not if the stored one was another than was said. */
    record SigningRecordKept(boolean kept) implements Answer {}

    /** Whether a live peer has more of the chain than is here; nothing if none has the chain. */
    record PeersHeard(Optional<Boolean> ahead) implements Answer {}

    /** Whether a live peer has one of the keys that were asked for. */
    record Reachable(List<Bytes> keys, boolean any) implements Answer {
        public Reachable {
            keys = List.copyOf(keys);
        }
    }

    /** Waiting entries in the log's order, and where to go on if there are more. */
    record WaitingRead(List<Pool.Entry> entries, Optional<Long> next) implements Answer {
        public WaitingRead {
            entries = List.copyOf(entries);
        }
    }

    record Drafted(Draft draft) implements Answer {}

    /** The sealed quant; nothing if the round was cancelled before. */
    record Sealed(Optional<CompactQuant> quant) implements Answer {}

    record Judged(Verdict verdict) implements Answer {}

    /** Nothing came of an effect. */
    record Failed(LeapEffect effect, Refusal refusal) implements Answer {}
}
