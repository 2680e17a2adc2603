package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Task;
import io.qbc.protocol.effect.Want;
import io.qbc.protocol.message.Errand;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.peer.Means;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Fetches from one peer what is missing of quants that are too large for one message. */
final class CutQuants {
    private static final int FETCH_BATCHES = 10;
    /** From so many ids it is judged whether a quant's transactions are strange to this node. */
    private static final int SAMPLE = 256;

    private final Means means;
    private final Bytes peer;
    private final Hash chain;
    private boolean declined;

    CutQuants(Means means, Bytes peer, Hash chain) {
        this.means = means;
        this.peer = peer;
        this.chain = chain;
    }

    /** Whether there are transactions of the quant that did not come with it. */
    static boolean isCut(Part part) {
        return part.transactions().size() < part.outline().ids().size();
    }

    /**
     * Fetches the rest of a quant that is cut, in order, if this node seems to have nothing of it; otherwise, and when
     * the peer cannot do so, the quant stays as it is.
     */
    Task<Part> whole(Part part) {
        if (declined || !isCut(part)) {
            return Task.done(part);
        }
        List<Hash> rest = rest(part.outline(), part.transactions().size());
        List<Hash> sample = rest.subList(0, Math.min(SAMPLE, rest.size()));
        return Task.of(new Want.FindUnknown(chain, sample))
                .then(unknown -> unknown.size() < sample.size()
                        ? Task.done(part)
                        : all(part.outline(), new ArrayList<>(part.transactions())));
    }

    private Task<Part> all(Outline outline, List<Transaction> here) {
        return Task.whileTrue(() -> here.size() == outline.ids().size() ? Task.done(false) : more(outline, here))
                .map(done -> new Part(outline, here));
    }

    /** Takes the next transactions in; false if the peer does not serve this. */
    private Task<Boolean> more(Outline outline, List<Transaction> here) {
        Rest question = new Rest(chain, outline.hash(), here.size());
        return Task.of(new Want.CallRest(peer, question, outline.ids().size()))
                .then(supply -> {
                    List<Hash> ids =
                            supply.transactions().stream().map(Transaction::id).toList();
                    List<Hash> rest = rest(outline, here.size());
                    boolean fits = !ids.isEmpty()
                            && ids.size() <= rest.size()
                            && rest.subList(0, ids.size()).equals(ids);
                    return fits
                            ? Task.done(here.addAll(supply.transactions()))
                            : Task.<Boolean>failed(Fault.malformed());
                })
                .after(taken -> {
                    // A peer of an earlier version does not know this call.
                    declined = taken.fold(done -> false, fault -> fault.kind() == Fault.Kind.DECLINED);
                    return declined ? Task.done(false) : new Task.Over<>(taken);
                });
    }

    private static List<Hash> rest(Outline outline, int offset) {
        return outline.ids().subList(offset, outline.ids().size());
    }

    /** Fetches by ids, in pieces, until all are here or the peer gives no more of them. */
    Task<List<Transaction>> fetch(List<Hash> ids) {
        Set<Hash> open = new LinkedHashSet<>(ids);
        List<Transaction> fetched = new ArrayList<>();
        return Task.whileTrue(() -> {
                    if (open.isEmpty()) {
                        return Task.done(false);
                    }
                    return Task.of(new Want.Call<>(peer, Errand.FETCH, new Ids(chain, piece(open))))
                            .map(supply -> {
                                int before = open.size();
                                supply.transactions().stream()
                                        .filter(transaction -> open.remove(transaction.id()))
                                        .forEach(fetched::add);
                                return open.size() < before;
                            });
                })
                .map(done -> fetched);
    }

    private List<Hash> piece(Set<Hash> open) {
        return open.stream().limit((long) FETCH_BATCHES * means.batchIds()).toList();
    }
}
