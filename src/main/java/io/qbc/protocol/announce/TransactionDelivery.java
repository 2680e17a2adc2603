package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.PeerState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The delivery of transactions to one peer by their ids, in pieces of bounded size. */
final class TransactionDelivery {
    private final PeerState peer;

    TransactionDelivery(PeerState peer) {
        this.peer = peer;
    }

    /** Those of the transactions that are here, until about one message is full. */
    Flow<List<Transaction>> piece(Hash chain, List<Hash> ids) {
        return Flow.of(new Effect.Fetch(chain, ids));
    }

    /** Pushes all of the transactions that are here; fails if the peer cannot take them now. */
    Flow<Done> push(Hash chain, List<Hash> ids) {
        Set<Hash> rest = new LinkedHashSet<>(ids);
        return Flow.whileTrue(() -> rest.isEmpty() ? Flow.done(false) : pushPiece(chain, rest));
    }

    private Flow<Boolean> pushPiece(Hash chain, Set<Hash> rest) {
        return piece(chain, new ArrayList<>(rest)).then(piece -> {
            if (piece.isEmpty()) {
                return Flow.done(false);
            }
            piece.forEach(transaction -> rest.remove(transaction.id()));
            return push(new Push(chain, piece)).map(pushed -> !rest.isEmpty());
        });
    }

    private Flow<Done> push(Push push) {
        return Flow.of(new Effect.Call<>(peer.key(), PeerMethod.TRANSACTIONS, push))
                .then(taken -> taken.busy()
                        ? Flow.failed(Fault.peer(Fault.Kind.BUSY, peer + " cannot take more at present"))
                        : Flow.done(Done.DONE));
    }
}
