package io.qbc.persistence.read;

import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.Heights;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one chain forward, a bounded piece at a time; on a reader's thread. */
public final class Pages {
    /** What a quant counts beside its transactions, so that a page of empty quants is bounded too. */
    private static final int QUANT_BYTES = 512;
    /** A key, a signature, and what keeps them together. */
    private static final int SEAL_BYTES = 256;

    private final Store store;
    private final OpenChain chain;

    public Pages(Store store, OpenChain chain) {
        this.store = store;
        this.chain = chain;
    }

    public Page read(Read question) {
        List<Piece> pieces = new ArrayList<>();
        Cursor at = new Cursor(
                Math.max(0, question.from().height()),
                Math.max(0, question.from().offset()));
        long room = question.bytesMax();
        try (Heights heights = new Heights(store, chain)) {
            for (Optional<Hash> hash = heights.at(at.height()); hash.isPresent(); hash = heights.at(at.height())) {
                if (!pieces.isEmpty() && (room <= 0 || pieces.size() >= question.quantsMax())) {
                    return new Page(pieces, at, false);
                }
                QuantRecord quant = chain.quants().known(hash.get());
                boolean fits = quant.bytes() <= question.bytesMax();
                if (!pieces.isEmpty() && fits && quant.bytes() > room) {
                    // It comes whole with the next page, so that nobody has to read its first part twice.
                    return new Page(pieces, at, false);
                }
                Piece piece = piece(quant, true, at.offset(), room, Integer.MAX_VALUE);
                pieces.add(piece);
                room -= bytes(piece);
                at = after(piece);
            }
        }
        return new Page(pieces, at, true);
    }

    public Page read(ReadQuant question) {
        QuantRecord quant = chain.quants()
                .find(question.quant())
                .orElseThrow(() -> new Failure(Reason.QUANT_UNKNOWN, "no quant " + question.quant() + " is here"));
        boolean onChain = chain.quants().onChain(quant);
        int offset = Math.max(0, question.offset());
        Piece piece = piece(quant, onChain, offset, question.bytesMax(), Math.max(1, question.countMax()));
        return new Page(List.of(piece), after(piece), piece.last());
    }

    private Piece piece(QuantRecord quant, boolean onChain, int offset, long bytesMax, int countMax) {
        int count = quant.header().count();
        List<Transaction> transactions = offset >= count
                ? List.of()
                : chain.owner(quant.height()).log().transactions(quant.logRanges(), offset, countMax, bytesMax);
        boolean last = offset >= count - transactions.size();
        return new Piece(Queries.head(quant, onChain), offset, transactions, last);
    }

    private static Cursor after(Piece piece) {
        long height = piece.quant().header().height();
        return piece.last()
                ? new Cursor(height + 1, 0)
                : new Cursor(height, piece.offset() + piece.transactions().size());
    }

    private static long bytes(Piece piece) {
        long bytes = QUANT_BYTES + (long) SEAL_BYTES * piece.quant().seals().size();
        for (Transaction transaction : piece.transactions()) {
            bytes += transaction.encoded().size();
        }
        return bytes;
    }
}
