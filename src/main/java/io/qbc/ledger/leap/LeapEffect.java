package io.qbc.ledger.leap;

import io.qbc.consensus.engine.Duty;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Draft;
import io.qbc.ledger.Tip;
import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Head;
import io.qbc.model.LogRange;
import io.qbc.model.Refusal;
import java.util.List;
import java.util.Optional;

/**
 * What a {@link LeapMachine} wants done. Each effect that names an input in its comment is answered by that or by
 * {@link LeapInput.Failed}, once; the others are not answered.
 */
public sealed interface LeapEffect {
    /** The request of a leap that nobody asked for. */
    long BY_ITSELF = 0;

    /** Calls the performer's method for this effect. */
    void perform(Performer performer);

    /** Who carries effects out. */
    interface Performer {
        void readTip(ReadTip effect);

        void readSigningRecord(ReadSigningRecord effect);

        void keepSigningRecord(KeepSigningRecord effect);

        void askPeers(AskPeers effect);

        void askReachable(AskReachable effect);

        void readWaiting(ReadWaiting effect);

        void makeDraft(MakeDraft effect);

        void seal(Seal effect);

        void makeQuant(MakeQuant effect);

        void cancel(Cancel effect);

        void append(Append effect);

        void leaped(Leaped effect);

        void refuse(Refuse effect);

        void wakeAt(WakeAt effect);

        void poolLoaded(PoolLoaded effect);

        void announce(Announce effect);

        void vote(Vote effect);

        void notVoted(NotVoted effect);

        void broken(Broken effect);
    }

    /** Reads what the next quant is made on; {@link LeapInput.TipRead}. */
    record ReadTip() implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.readTip(this);
        }
    }

    /** Reads what this node's key has bound itself to; {@link LeapInput.SigningRecordRead}. */
    record ReadSigningRecord() implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.readSigningRecord(this);
        }
    }

    /** Stores and syncs a signing record in the place of another; {@link LeapInput.SigningRecordKept}. */
    record KeepSigningRecord(SigningRecord before, SigningRecord after) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.keepSigningRecord(this);
        }
    }

    /** Asks how much of the chain peers have; {@link LeapInput.PeersHeard}. */
    record AskPeers() implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.askPeers(this);
        }
    }

    /** Asks whether a live peer has one of these keys; {@link LeapInput.Reachable}. */
    record AskReachable(List<Bytes> keys) implements LeapEffect {
        public AskReachable {
            keys = List.copyOf(keys);
        }

        @Override
        public void perform(Performer performer) {
            performer.askReachable(this);
        }
    }

    /** Reads a page of waiting entries from a sequence number on; {@link LeapInput.WaitingRead}. */
    record ReadWaiting(long from) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.readWaiting(this);
        }
    }

    /**
     * What a quant is made of.
     *
     * @param ids of its transactions, in order
     * @param signingRecord what this node's key has bound itself to before, or has to be taken for that
     * @param now milliseconds since 1970
     */
    record Plan(Tip tip, List<Hash> ids, SigningRecord signingRecord, long now) {
        public Plan {
            ids = List.copyOf(ids);
        }
    }

    /** Drafts a quant; {@link LeapInput.Drafted}. */
    record MakeDraft(Plan plan) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.makeDraft(this);
        }
    }

    /** Seals a draft whose promise is stored; {@link LeapInput.Sealed}. */
    record Seal(long round, Draft draft) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.seal(this);
        }
    }

    /** Drafts and seals a quant that promises nothing; {@link LeapInput.Sealed}. */
    record MakeQuant(long round, Plan plan) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.makeQuant(this);
        }
    }

    /** The sealing of this round is worth nothing any more, and ends without a quant. */
    record Cancel(long round) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.cancel(this);
        }
    }

    /** Offers the sealed quant to its chain, with where its transactions are in the log; {@link LeapInput.Judged}. */
    record Append(CompactQuant quant, List<LogRange> logRanges) implements LeapEffect {
        public Append {
            logRanges = List.copyOf(logRanges);
        }

        @Override
        public void perform(Performer performer) {
            performer.append(this);
        }
    }

    /** Answers a request: {@code head} is the last of so many new quants, with so many transactions together. */
    record Leaped(long request, Head head, int quants, long count) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.leaped(this);
        }
    }

    /** Answers a request that did not come to its end. */
    record Refuse(long request, Refusal refusal) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.refuse(this);
        }
    }

    /** Tells {@link LeapInput.Tick} at that time, or earlier, in the place of a time that was said before. */
    record WakeAt(long at) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.wakeAt(this);
        }
    }

    /** The pool holds all that waits, or could not be filled. */
    record PoolLoaded(Optional<Refusal> failure) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.poolLoaded(this);
        }
    }

    /** Tells others that something new waits. */
    record Announce() implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.announce(this);
        }
    }

    /** Signs a vote whose promise is stored, and brings it into the chain. */
    record Vote(Duty duty) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.vote(this);
        }
    }

    /** A vote that may be owed is not cast. */
    record NotVoted(Refusal refusal) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.notVoted(this);
        }
    }

    /** A decision failed over a fault in this code. */
    record Broken(RuntimeException cause) implements LeapEffect {
        @Override
        public void perform(Performer performer) {
            performer.broken(this);
        }
    }
}
