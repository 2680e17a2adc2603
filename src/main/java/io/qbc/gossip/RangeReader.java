package io.qbc.gossip;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.FindCompactQuant;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.gossip.peers.GossipContext;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.Part;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A reader of the range of quants with which a syncing peer goes on. */
final class RangeReader {
    private static final int QUANTS_MAX = 1000;

    private final GossipContext gossipContext;

    RangeReader(GossipContext gossipContext) {
        this.gossipContext = gossipContext;
    }

    /** Quants after the first of the hashes that is on the chain; none if there is no such hash. */
    Future<List<Part>> read(Hash chain, List<Hash> locator) {
        return gossipContext
                .bus()
                .ask(Catalogue.FIND_COMMON, new FindCommon(chain, locator))
                .compose(common ->
                        common.height().map(height -> after(chain, height)).orElse(Future.succeededFuture(List.of())));
    }

    /** What a peer asks for of a quant that is too large for one range. */
    Future<List<Transaction>> read(Hash chain, Hash quant, int offset) {
        return gossipContext
                .bus()
                .ask(
                        Catalogue.READ_QUANT,
                        new ReadQuant(
                                chain, quant, offset, gossipContext.gossip().batchBytes()))
                .map(page -> page.pieces().stream()
                        .flatMap(piece -> piece.transactions().stream())
                        .toList());
    }

    private Future<List<Part>> after(Hash chain, long height) {
        int bytesMax = gossipContext.gossip().batchBytes();
        return gossipContext
                .bus()
                .ask(Catalogue.READ, new Read(chain, new Cursor(height + 1, 0), bytesMax, QUANTS_MAX))
                .compose(page -> parts(chain, page));
    }

    private Future<List<Part>> parts(Hash chain, Page page) {
        List<Part> parts = new ArrayList<>();
        List<Transaction> transactions = new ArrayList<>();
        for (Piece piece : page.pieces()) {
            transactions.addAll(piece.transactions());
            if (piece.last()) {
                parts.add(part(piece, transactions));
                transactions = new ArrayList<>();
            }
        }
        int size = page.pieces().size();
        // A quant that is cut comes whole with the next range, unless it is too large for any.
        if (size == 0 || !parts.isEmpty() || page.pieces().get(size - 1).last()) {
            return Future.succeededFuture(parts);
        }
        return cut(chain, page.pieces().get(size - 1), transactions).map(cut -> {
            cut.ifPresent(parts::add);
            return parts;
        });
    }

    /** A quant that did not fit whole: its compact form names the transactions that must be fetched. */
    private Future<Optional<Part>> cut(Hash chain, Piece piece, List<Transaction> transactions) {
        return gossipContext
                .bus()
                .ask(
                        Catalogue.FIND_COMPACT_QUANT,
                        new FindCompactQuant(chain, piece.quant().hash()))
                .map(found -> found.compactQuant().map(compactQuant -> new Part(compactQuant, transactions)));
    }

    private static Part part(Piece piece, List<Transaction> transactions) {
        List<Hash> ids = transactions.stream().map(Transaction::id).toList();
        return new Part(new CompactQuant(piece.quant().header(), piece.quant().seals(), ids), transactions);
    }
}
