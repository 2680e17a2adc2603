package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.gossip.Message.Push;
import io.qbc.gossip.Message.Taken;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Brings one peer transactions by their ids, in pieces of bounded size. */
final class Supplies {
    private final Setting setting;
    private final Neighbours neighbours;
    private final Link peer;

    Supplies(Setting setting, Neighbours neighbours, Link peer) {
        this.setting = setting;
        this.neighbours = neighbours;
        this.peer = peer;
    }

    /** Those of the transactions that are here, until about one message is full. */
    Future<List<Transaction>> piece(Hash chain, List<Hash> ids) {
        return setting.bus()
                .ask(Catalogue.FETCH, new Fetch(chain, ids, setting.gossip().batchBytes()))
                .map(found -> found.transactions());
    }

    /** Pushes all of the transactions that are here; fails if the peer cannot take them now. */
    Future<Void> push(Hash chain, List<Hash> ids) {
        Set<Hash> rest = new LinkedHashSet<>(ids);
        return Repeat.whileTrue(() -> rest.isEmpty() ? Future.succeededFuture(false) : pushPiece(chain, rest));
    }

    private Future<Boolean> pushPiece(Hash chain, Set<Hash> rest) {
        return piece(chain, new ArrayList<>(rest)).compose(piece -> {
            if (piece.isEmpty()) {
                return Future.succeededFuture(false);
            }
            piece.forEach(transaction -> rest.remove(transaction.id()));
            return push(new Push(chain, piece)).map(taken -> !rest.isEmpty());
        });
    }

    private Future<Taken> push(Push push) {
        return neighbours.call(peer, Verb.TRANSACTIONS, Frame.write(push)).map(answer -> {
            Taken taken = Frame.taken(answer).orElseThrow(Replies::malformed);
            if (taken.busy()) {
                throw new NoAnswer(NoAnswer.Kind.DECLINED, peer + " cannot take more at present");
            }
            return taken;
        });
    }
}
