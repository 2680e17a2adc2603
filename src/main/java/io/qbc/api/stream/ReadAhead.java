package io.qbc.api.stream;

import io.qbc.bus.Catalogue;
import io.qbc.bus.Catalogue.Cursor;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.Read;
import io.qbc.bus.Catalogue.ReadQuant;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import java.util.Optional;

/**
 * A reader of a chain's pages that asks for one and the one after it at once, where the sizes seen so far tell how much
 * one will hold, so that two readers of the store work for a stream. A wrong guess costs a read, and nothing else.
 */
final class ReadAhead {
    /** A page for a reader that is not known yet, or slow; it grows to the largest while the reader keeps up. */
    private static final int LEAST_PAGE_BYTES = 16 * 1024;

    private static final int MOST_PAGE_BYTES = 256 * 1024;
    private static final int GROWTH = 4;
    private static final int PAGE_QUANTS = 1000;
    private static final int HEADER_BYTES = 512;

    private final PageReader reader;
    private final Hash chain;
    private final long last;
    private Optional<Asked> after = Optional.empty();
    /** Of a transaction, and of a quant of those that came several in a page; 0 when not known. */
    private long transactionBytes;

    private long quantBytes;
    private int pageBytes = LEAST_PAGE_BYTES;

    /**
     * Where a page begins.
     *
     * @param quant the quant that was begun, of which {@code offset} and following are due
     * @param count how many transactions that quant has
     */
    record Place(Optional<Hash> quant, int count, long height, int offset) {
        /** Before the first transaction of the quant at a height. */
        static Place at(long height) {
            return new Place(Optional.empty(), 0, height, 0);
        }
    }

    /** A page that was asked for; {@code next} is where the one after it begins, if that can be told. */
    private record Asked(Place place, Optional<Place> next, Future<Page> page) {}

    /** @param last the greatest height to look ahead to; below 0 for no looking ahead */
    ReadAhead(PageReader reader, Hash chain, long last) {
        this.reader = reader;
        this.chain = chain;
        this.last = last;
    }

    /** The page that begins here, with so many quants at most. */
    Future<Page> page(Place place, long quantsMax) {
        Asked asked = after.filter(ahead -> ahead.place().equals(place)).orElseGet(() -> ask(place, quantsMax));
        after = asked.next().filter(next -> pagesAhead() > 1).map(next -> ask(next, PAGE_QUANTS));
        return asked.page();
    }

    /** Reads larger pages from now on, the largest ones ahead; false if they are as large as they get. */
    boolean quicken() {
        boolean grows = pageBytes < MOST_PAGE_BYTES;
        pageBytes = Math.min(MOST_PAGE_BYTES, GROWTH * pageBytes);
        return grows;
    }

    /** Reads small pages from now on, one at a time, and keeps none. */
    void slow() {
        pageBytes = LEAST_PAGE_BYTES;
        after = Optional.empty();
    }

    /** How many pages are read before their turn: as many as the store has readers for, for a quick reader. */
    int pagesAhead() {
        return pageBytes < MOST_PAGE_BYTES ? 0 : 2;
    }

    /** About how many bytes of transactions the next page has; one transaction may be larger. */
    int pageBytes() {
        return pageBytes;
    }

    private Asked ask(Place place, long quantsMax) {
        return place.quant().isPresent() ? rest(place, place.quant().get()) : quants(place, quantsMax);
    }

    private Asked rest(Place place, Hash quant) {
        int count = transactionBytes == 0 ? Integer.MAX_VALUE : (int) Math.max(1, pageBytes() / transactionBytes);
        Future<Page> page = reader.ask(
                Catalogue.READ_QUANT, new ReadQuant(chain, quant, place.offset(), bytesMax(transactionBytes), count));
        Optional<Place> next = count < place.count() - place.offset()
                ? Optional.of(new Place(place.quant(), place.count(), place.height(), place.offset() + count))
                : Optional.of(Place.at(place.height() + 1));
        return new Asked(place, next.filter(ahead -> transactionBytes > 0 && ahead.height() <= last), learn(page));
    }

    private Asked quants(Place place, long quantsMax) {
        long most = Math.min(PAGE_QUANTS, quantsMax);
        if (last >= 0) {
            most = Math.min(most - 1, last - place.height()) + 1;
        }
        if (quantBytes > 0) {
            most = Math.max(1, Math.min(most, pageBytes() / quantBytes));
        }
        Future<Page> page = reader.ask(
                Catalogue.READ, new Read(chain, new Cursor(place.height(), 0), bytesMax(quantBytes), (int) most));
        Place next = Place.at(place.height() + most);
        return new Asked(
                place, Optional.of(next).filter(ahead -> quantBytes > 0 && next.height() <= last), learn(page));
    }

    /** Where the number is the limit, the bytes allow for a page of larger ones. */
    private int bytesMax(long each) {
        return each == 0 ? pageBytes() : 2 * pageBytes();
    }

    private Future<Page> learn(Future<Page> page) {
        return page.onSuccess(this::learn);
    }

    private void learn(Page page) {
        long bytes = 0;
        long transactions = 0;
        boolean whole = !page.pieces().isEmpty();
        for (Piece piece : page.pieces()) {
            for (Transaction transaction : piece.transactions()) {
                bytes += transaction.encoded().size();
            }
            transactions += piece.transactions().size();
            whole &= piece.offset() == 0 && piece.last();
        }
        if (transactions > 0) {
            transactionBytes = Math.max(1, bytes / transactions);
        }
        quantBytes = whole ? HEADER_BYTES + bytes / page.pieces().size() : 0;
    }
}
