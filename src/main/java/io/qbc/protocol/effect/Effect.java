package io.qbc.protocol.effect;

import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.protocol.message.Message;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.Message.Taken;
import io.qbc.protocol.message.PeerMethod;
import java.util.List;
import java.util.Optional;

/** An effect that a state machine asks for, by which it acts or learns something; {@code R} is its result. */
public sealed interface Effect<R> {
    /** Calls a peer; fails with the peer's fault if it gives no answer of the method's type. */
    record Call<Q extends Message, A extends Message>(Bytes peer, PeerMethod<Q, A> method, Q request)
            implements Effect<A> {}

    /** Calls a peer for a quant's transactions from one on; up to {@code end} the answers may be prefetched. */
    record CallRest(Bytes peer, Rest question, int end) implements Effect<Supply> {}

    /** Hashes of a chain from the head back, ever wider apart. */
    record Locate(Hash chain) implements Effect<List<Hash>> {}

    record FindCompactQuant(Hash chain, Hash quant) implements Effect<Optional<CompactQuant>> {}

    /** A quant's header, on the chain or aside. */
    record FindQuant(Hash chain, Hash quant) implements Effect<Optional<Header>> {}

    /** The hash of the chain's quant at a height. */
    record FindAt(Hash chain, long height) implements Effect<Optional<Hash>> {}

    /** Waiting transactions after a place in the log; a bounded number of them. */
    record FindPending(Hash chain, long after) implements Effect<PendingIds> {}

    /** Those of the ids that are not here. */
    record FindUnknown(Hash chain, List<Hash> ids) implements Effect<List<Hash>> {
        public FindUnknown {
            ids = List.copyOf(ids);
        }
    }

    /** Those of the transactions that are stored here, until about one message is full. */
    record Fetch(Hash chain, List<Hash> ids) implements Effect<List<Transaction>> {
        public Fetch {
            ids = List.copyOf(ids);
        }
    }

    /** Quants in order after the first of the hashes that is on the chain, until about one message is full. */
    record Read(Hash chain, List<Hash> locator) implements Effect<List<Part>> {
        public Read {
            locator = List.copyOf(locator);
        }
    }

    /** A quant's transactions from one on, until about one message is full. */
    record ReadRest(Hash chain, Hash quant, int offset) implements Effect<List<Transaction>> {}

    /**
     * Judges and stores a peer's quant.
     *
     * @param source the peer
     */
    record Append(String source, Hash chain, CompactQuant compactQuant, List<Transaction> supplied)
            implements Effect<Verdict> {
        public Append {
            supplied = List.copyOf(supplied);
        }
    }

    /**
     * Admits those of a peer's transactions that keep the rules.
     *
     * @param source the peer
     * @param unasked whether nobody asked for any of them
     */
    record Admit(String source, Push push, boolean unasked) implements Effect<Taken> {}

    /** Asks the store again how its chains stand. */
    record Refresh() implements Effect<Done> {}

    record Wait(long millis) implements Effect<Done> {}

    /** Starts other flows beside this one; it does not wait for them. */
    record Begin(Effects effects) implements Effect<Done> {}

    /** Ids of waiting transactions in order, and the place in the log to ask after next time. */
    record PendingIds(List<Hash> ids, long upTo) {
        public PendingIds {
            ids = List.copyOf(ids);
        }
    }
}
