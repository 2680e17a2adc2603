package io.qbc.gossip;

import io.qbc.bus.Catalogue.Common;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.FindCommon;
import io.qbc.bus.Catalogue.Locator;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.model.Hash;
import io.qbc.model.Quant;
import io.qbc.model.Transaction;
import java.util.ArrayList;
import java.util.List;

/** Reads of a chain in memory, the genesis quant first. */
record FakeReads(List<Quant> main) {
    static QuantHead head(Quant quant) {
        return new QuantHead(quant.header(), quant.header().hash(), quant.seals(), true);
    }

    Locator locator() {
        List<Hash> hashes = new ArrayList<>();
        int step = 1;
        for (int height = main.size() - 1; height > 0; height -= step) {
            hashes.add(main.get(height).header().hash());
            step = hashes.size() > 10 ? step * 2 : 1;
        }
        hashes.add(main.get(0).header().hash());
        return new Locator(hashes);
    }

    Common common(FindCommon ask) {
        List<Hash> hashes = main.stream().map(quant -> quant.header().hash()).toList();
        return new Common(
                ask.hashes().stream().filter(hashes::contains).findFirst().map(hash -> (long) hashes.indexOf(hash)));
    }

    Page rest(ReadQuant read) {
        int height = 0;
        while (!main.get(height).header().hash().equals(read.quant())) {
            height++;
        }
        Page page = read(new Read(read.chain(), new Cursor(height, read.offset()), read.bytesMax(), 1));
        return new Page(page.pieces(), page.next(), page.pieces().get(0).last());
    }

    Page read(Read read) {
        List<Piece> pieces = new ArrayList<>();
        long bytes = 0;
        int height = (int) read.from().height();
        int offset = read.from().offset();
        while (height < main.size() && pieces.size() < read.quantsMax() && bytes < read.bytesMax()) {
            Quant quant = main.get(height);
            List<Transaction> some = new ArrayList<>();
            int from = offset;
            while (offset < quant.transactions().size() && (some.isEmpty() || bytes < read.bytesMax())) {
                Transaction transaction = quant.transactions().get(offset++);
                bytes += transaction.encoded().size();
                some.add(transaction);
            }
            boolean last = offset == quant.transactions().size();
            pieces.add(new Piece(head(quant), from, some, last));
            height += last ? 1 : 0;
            offset = last ? 0 : offset;
        }
        return new Page(pieces, new Cursor(height, offset), height >= main.size());
    }
}
