package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Which;
import io.qbc.gossip.Message.Ids;
import io.qbc.gossip.Message.Part;
import io.qbc.gossip.Message.Rest;
import io.qbc.gossip.Message.Supply;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches from one peer what is missing of quants that are too large for one message. */
final class CutQuants {
    private static final Logger LOG = LoggerFactory.getLogger(CutQuants.class);
    private static final int FETCH_BATCHES = 10;
    /** From so many ids it is judged whether a quant's transactions are strange to this node. */
    private static final int SAMPLE = 256;

    private final Setting setting;
    private final Neighbours neighbours;
    private final Link peer;
    private final Hash chain;
    private boolean declined;

    CutQuants(Setting setting, Neighbours neighbours, Link peer, Hash chain) {
        this.setting = setting;
        this.neighbours = neighbours;
        this.peer = peer;
        this.chain = chain;
    }

    /** Whether there are transactions of the quant that did not come with it. */
    static boolean cut(Part part) {
        return part.transactions().size() < part.outline().ids().size();
    }

    /**
     * Fetches the rest of a quant that is cut, in order, if this node seems to have nothing of it; otherwise, and when
     * the peer cannot do so, the quant stays as it is.
     */
    Future<Part> whole(Part part) {
        if (declined || !cut(part)) {
            return Future.succeededFuture(part);
        }
        List<Hash> rest = rest(part.outline(), part.transactions().size());
        List<Hash> sample = List.copyOf(rest.subList(0, Math.min(SAMPLE, rest.size())));
        return setting.bus()
                .ask(Catalogue.WHICH_UNKNOWN, new Which(chain, sample))
                .compose(unknown -> unknown.ids().size() < sample.size()
                        ? Future.succeededFuture(part)
                        : all(part.outline(), new ArrayList<>(part.transactions())));
    }

    /** While one answer is read, the next one is on its way. */
    private Future<Part> all(Outline outline, List<Transaction> here) {
        Ahead ahead = new Ahead(outline, here.size());
        return Repeat.whileTrue(
                        () -> here.size() < outline.ids().size() ? more(ahead, here) : Future.succeededFuture(false))
                .map(done -> new Part(outline, here));
    }

    /** Where the next answer begins, and that answer, if it was asked for. */
    private final class Ahead {
        private final Outline outline;
        private long offset;
        private Future<Bytes> answer;

        Ahead(Outline outline, int offset) {
            this.outline = outline;
            this.offset = offset;
            answer = ask();
        }

        private Future<Bytes> ask() {
            Rest question = new Rest(chain, outline.hash(), (int) offset);
            return neighbours.call(peer, Verb.REST, Frame.write(question));
        }

        /** Takes the answer, and asks for the one after it. */
        Future<Bytes> take() {
            return answer.map(bytes -> {
                offset += Math.max(1, Frame.supplied(bytes));
                if (offset < outline.ids().size()) {
                    answer = ask();
                    answer.onFailure(cause -> LOG.debug("the rest of a quant does not come: {}", cause.toString()));
                }
                return bytes;
            });
        }
    }

    /** Takes the next transactions in; false if the peer does not serve this. */
    private Future<Boolean> more(Ahead ahead, List<Transaction> here) {
        return ahead.take()
                .compose(this::supply)
                .map(supply -> {
                    List<Hash> ids =
                            supply.transactions().stream().map(Transaction::id).toList();
                    List<Hash> rest = rest(ahead.outline, here.size());
                    if (ids.isEmpty()
                            || ids.size() > rest.size()
                            || !rest.subList(0, ids.size()).equals(ids)) {
                        throw Replies.malformed();
                    }
                    return here.addAll(supply.transactions());
                })
                .recover(cause -> {
                    // A peer of an earlier version does not know this call.
                    declined = cause instanceof NoAnswer no && no.kind() == NoAnswer.Kind.DECLINED;
                    return declined ? Future.succeededFuture(false) : Future.failedFuture(cause);
                });
    }

    private static List<Hash> rest(Outline outline, int offset) {
        return outline.ids().subList(offset, outline.ids().size());
    }

    /** Fetches by ids, in pieces, until all are here or the peer gives no more of them. */
    Future<List<Transaction>> fetch(List<Hash> ids) {
        Map<Hash, Transaction> rest = new LinkedHashMap<>();
        List<Transaction> fetched = new ArrayList<>();
        List<Hash> open = new ArrayList<>(ids);
        return Repeat.whileTrue(() -> {
                    if (open.isEmpty()) {
                        return Future.succeededFuture(false);
                    }
                    return piece(open).map(supply -> {
                        rest.clear();
                        supply.transactions().forEach(transaction -> rest.put(transaction.id(), transaction));
                        int before = open.size();
                        open.removeIf(id -> {
                            Transaction transaction = rest.get(id);
                            return transaction != null && fetched.add(transaction);
                        });
                        return open.size() < before;
                    });
                })
                .map(done -> fetched);
    }

    private Future<Supply> piece(List<Hash> open) {
        List<Hash> ids = open.subList(
                0, Math.min(open.size(), FETCH_BATCHES * setting.gossip().batchIds()));
        return neighbours
                .call(peer, Verb.FETCH, Frame.write(new Ids(chain, ids)))
                .compose(this::supply);
    }

    private Future<Supply> supply(Bytes answer) {
        return setting.compute(() -> Frame.supply(answer)).map(supply -> supply.orElseThrow(Replies::malformed));
    }
}
