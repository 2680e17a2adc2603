package io.qbc.protocol.announce;

import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.effect.Done;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message.Push;
import io.qbc.protocol.peer.Acquaintance;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Brings one peer transactions by their ids, in pieces of bounded size. */
final class Supplies {
    private final Acquaintance peer;

    Supplies(Acquaintance peer) {
        this.peer = peer;
    }

    /** Those of the transactions that are here, until about one message is full. */
    Task<List<Transaction>> piece(Hash chain, List<Hash> ids) {
        return Task.of(new Want.Fetch(chain, ids));
    }

    /** Pushes all of the transactions that are here; fails if the peer cannot take them now. */
    Task<Done> push(Hash chain, List<Hash> ids) {
        Set<Hash> rest = new LinkedHashSet<>(ids);
        return Task.whileTrue(() -> rest.isEmpty() ? Task.done(false) : pushPiece(chain, rest));
    }

    private Task<Boolean> pushPiece(Hash chain, Set<Hash> rest) {
        return piece(chain, new ArrayList<>(rest)).then(piece -> {
            if (piece.isEmpty()) {
                return Task.done(false);
            }
            piece.forEach(transaction -> rest.remove(transaction.id()));
            return push(new Push(chain, piece)).map(pushed -> !rest.isEmpty());
        });
    }

    private Task<Done> push(Push push) {
        return Task.of(new Want.Call<>(peer.key(), Errand.TRANSACTIONS, push))
                .then(taken -> taken.busy()
                        ? Task.failed(Fault.peer(Fault.Kind.DECLINED, peer + " cannot take more at present"))
                        : Task.done(Done.DONE));
    }
}
