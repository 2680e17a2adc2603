package io.qbc.http;

import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;

/** A chain in memory, given a bounded piece at a time. */
final class FakePages {
    private FakePages() {}

    static Page read(List<Quant> chain, Read ask) {
        List<Piece> pieces = new ArrayList<>();
        Cursor at = ask.from();
        int bytes = 0;
        while (at.height() < chain.size() && pieces.size() < ask.quantsMax() && bytes < ask.bytesMax()) {
            Quant quant = chain.get((int) at.height());
            QuantHead head = new QuantHead(quant.header(), quant.header().hash(), quant.seals(), true);
            Piece piece = piece(head, quant.transactions(), at.offset(), ask.bytesMax() - bytes, Integer.MAX_VALUE);
            pieces.add(piece);
            bytes += piece.transactions().stream()
                    .mapToInt(transaction -> transaction.encoded().size())
                    .sum();
            at = piece.last()
                    ? new Cursor(at.height() + 1, 0)
                    : new Cursor(
                            at.height(), piece.offset() + piece.transactions().size());
        }
        return new Page(pieces, at, at.height() >= chain.size());
    }

    static Page quant(QuantHead quant, List<Transaction> transactions, ReadQuant ask) {
        Piece piece = piece(quant, transactions, ask.offset(), ask.bytesMax(), ask.countMax());
        return new Page(List.of(piece), new Cursor(quant.header().height(), 0), piece.last());
    }

    private static Piece piece(
            QuantHead quant, List<Transaction> transactions, int offset, int bytesMax, int countMax) {
        List<Transaction> some = new ArrayList<>();
        int bytes = 0;
        int at = offset;
        while (at < transactions.size() && some.size() < countMax && (bytes < bytesMax || some.isEmpty())) {
            some.add(transactions.get(at));
            bytes += transactions.get(at++).encoded().size();
        }
        return new Piece(quant, offset, some, at == transactions.size());
    }
}
