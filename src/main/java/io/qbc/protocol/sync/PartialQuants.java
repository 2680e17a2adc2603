package io.qbc.protocol.sync;

import io.qbc.model.Bytes;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.effect.Effect;
import io.qbc.protocol.effect.Fault;
import io.qbc.protocol.effect.Flow;
import io.qbc.protocol.message.Message.Ids;
import io.qbc.protocol.message.Message.Part;
import io.qbc.protocol.message.Message.Rest;
import io.qbc.protocol.message.Message.Supply;
import io.qbc.protocol.message.PeerMethod;
import io.qbc.protocol.peer.ProtocolContext;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A fetcher, from one peer, of what is missing of quants that are too large for one message. */
final class PartialQuants {
    private static final int FETCH_BATCHES = 10;
    /** From so many ids it is judged whether a quant's transactions are unknown to this node. */
    private static final int SAMPLE_IDS = 256;

    private final ProtocolContext protocolContext;
    private final Bytes peer;
    private final Hash chain;
    private final DeliveryRate deliveryRate;
    private boolean declined;

    /** @param deliveryRate counts what the peer brings, with the rest of the run */
    PartialQuants(ProtocolContext protocolContext, Bytes peer, Hash chain, DeliveryRate deliveryRate) {
        this.protocolContext = protocolContext;
        this.peer = peer;
        this.chain = chain;
        this.deliveryRate = deliveryRate;
    }

    /** Whether there are transactions of the quant that did not come with it. */
    static boolean isCut(Part part) {
        return part.transactions().size() < part.compactQuant().ids().size();
    }

    /**
     * Fetches the rest of a quant that is cut, in order, if this node seems to have nothing of it; otherwise, and when
     * the peer cannot do so, the quant stays as it is.
     */
    Flow<Part> whole(Part part) {
        if (declined || !isCut(part)) {
            return Flow.done(part);
        }
        List<Hash> rest = rest(part.compactQuant(), part.transactions().size());
        List<Hash> sample = rest.subList(0, Math.min(SAMPLE_IDS, rest.size()));
        return Flow.of(new Effect.FindUnknown(chain, sample))
                .then(unknown -> unknown.size() < sample.size()
                        ? Flow.done(part)
                        : all(part.compactQuant(), new ArrayList<>(part.transactions())));
    }

    private Flow<Part> all(CompactQuant compactQuant, List<Transaction> here) {
        return Flow.whileTrue(
                        () -> here.size() == compactQuant.ids().size() ? Flow.done(false) : more(compactQuant, here))
                .map(done -> new Part(compactQuant, here));
    }

    /** Takes the next transactions in; false if the peer does not serve this. */
    private Flow<Boolean> more(CompactQuant compactQuant, List<Transaction> here) {
        Rest question = new Rest(chain, compactQuant.hash(), here.size());
        return deliveryRate
                .of(new Effect.CallRest(peer, question, compactQuant.ids().size()), PartialQuants::bytes)
                .then(supply -> {
                    List<Hash> ids =
                            supply.transactions().stream().map(Transaction::id).toList();
                    List<Hash> rest = rest(compactQuant, here.size());
                    boolean fits = !ids.isEmpty()
                            && ids.size() <= rest.size()
                            && rest.subList(0, ids.size()).equals(ids);
                    return fits
                            ? Flow.done(here.addAll(supply.transactions()))
                            : Flow.<Boolean>failed(Fault.malformed());
                })
                .after(taken -> {
                    // A peer of an earlier version does not know this call.
                    declined = taken.fold(done -> false, fault -> fault.kind() == Fault.Kind.DECLINED);
                    return declined ? Flow.done(false) : new Flow.Ended<>(taken);
                });
    }

    private static List<Hash> rest(CompactQuant compactQuant, int offset) {
        return compactQuant.ids().subList(offset, compactQuant.ids().size());
    }

    /** Fetches by ids, in pieces, until all are here or the peer gives no more of them. */
    Flow<List<Transaction>> fetch(List<Hash> ids) {
        Set<Hash> open = new LinkedHashSet<>(ids);
        List<Transaction> fetched = new ArrayList<>();
        return Flow.whileTrue(() -> {
                    if (open.isEmpty()) {
                        return Flow.done(false);
                    }
                    return deliveryRate
                            .of(
                                    new Effect.Call<>(peer, PeerMethod.FETCH, new Ids(chain, piece(open))),
                                    PartialQuants::bytes)
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

    private static long bytes(Supply supply) {
        return OfferWindow.bytes(supply.transactions());
    }

    private List<Hash> piece(Set<Hash> open) {
        return open.stream()
                .limit(Math.min(PeerMethod.IDS_MAX, FETCH_BATCHES * protocolContext.batchIds()))
                .toList();
    }
}
