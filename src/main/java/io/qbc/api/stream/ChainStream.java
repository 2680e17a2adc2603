package io.qbc.api.stream;

import io.qbc.api.json.ChainForm;
import io.qbc.api.json.JsonBuffer;
import io.qbc.bus.Catalogue.Page;
import io.qbc.bus.Catalogue.Piece;
import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.bus.Failure;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Transaction;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;

/**
 * A stream of quants from a height on, written a bounded piece at a time and at the pace of the sink. A quant that does
 * not fit one piece is read on by its hash, so that it is always whole; when the chain is reorganised under the reader,
 * so that the next quant does not follow the one before, the stream fails.
 */
public final class ChainStream {
    private static final int HEADER_BYTES = 512;
    private static final int SEAL_BYTES = 256;
    /** A page takes about three times its bytes as objects, and as much again as text. */
    private static final int MEMORY_FACTOR = 6;
    /** One large transaction is little more than its payload, there and in the text. */
    private static final int LARGE_FACTOR = 3;
    /** Writes that a reader must have taken promptly one after the other before it counts as quick again. */
    private static final int PROMPT_WRITES = 16;

    private final ReadAhead pages;
    private final ChainForm form;
    private final Sink sink;
    private final Limit limit;
    private JsonBuffer out = new JsonBuffer(0);
    private final Promise<Void> done = Promise.promise();
    /** The last quant of which all was taken, and the one of which a part was: what is written follows them. */
    private Optional<Hash> before = Optional.empty();

    private Optional<QuantHead> open = Optional.empty();
    private long height;
    private int offset;
    private long quants;
    private long bytes;
    private boolean single;
    private boolean anyBegun;
    private Optional<Future<Page>> ahead = Optional.empty();
    private int slowWrites;
    private int written;

    /**
     * When to stop before the head is reached; at a quant's end only.
     *
     * @param last the greatest height to write, which stands for the head
     */
    public record Limit(long quants, long bytes, long last) {
        static final Limit NONE = upTo(Long.MAX_VALUE);

        public static Limit upTo(long last) {
            return new Limit(Long.MAX_VALUE, Long.MAX_VALUE, last);
        }
    }

    public ChainStream(PageReader reader, Hash chain, ChainForm form, Sink sink, Limit limit) {
        boolean far = limit.quants() == Long.MAX_VALUE && limit.bytes() == Long.MAX_VALUE;
        this.pages = new ReadAhead(reader, chain, far ? limit.last() : -1);
        this.form = form;
        this.sink = sink;
        this.limit = limit;
    }

    /** Writes the quants from {@code from} on; complete when all of them are with the sink. */
    public Future<Void> from(long from) {
        height = from;
        if (!begin()) {
            return done.future();
        }
        if (height > limit.last()) {
            finish(-1);
        } else {
            take(read());
        }
        return done.future();
    }

    /** Writes one quant, on the chain or aside. */
    public Future<Void> only(QuantHead quant) {
        single = true;
        if (!begin()) {
            return done.future();
        }
        if (quant.header().count() == 0) {
            write(new Piece(quant, 0, List.of(), true));
            finish(-1);
        } else {
            open = Optional.of(quant);
            take(read());
        }
        return done.future();
    }

    /** False, and the stream has failed, if there is no memory for it. */
    private boolean begin() {
        if (!hold(memory())) {
            return false;
        }
        sink.whenSlow(this::slow);
        form.open(out);
        return true;
    }

    /** What the stream holds with pages of the size that they have now. */
    private long memory() {
        return (1L + pages.pagesAhead()) * MEMORY_FACTOR * pages.pageBytes();
    }

    /** The same when each has so many bytes of large transactions. */
    private long memory(long size) {
        return memory() + (1L + pages.pagesAhead()) * LARGE_FACTOR * size;
    }

    private boolean hold(long bytes) {
        boolean given = sink.hold(bytes);
        if (!given) {
            done.tryFail(new Failure(Reason.BUSY, "too much waits for readers of streams"));
        }
        return given;
    }

    /** The reader takes its time: what was read ahead is read again when it is due. */
    private void slow() {
        slowWrites = PROMPT_WRITES;
        pages.slow();
        ahead = Optional.empty();
        out = new JsonBuffer(0);
        sink.hold(Math.max(memory(), written));
    }

    /** Reads larger pages ahead for a reader that keeps up, if there is memory for them. */
    private void adapt() {
        slowWrites = Math.max(0, slowWrites - 1);
        if (slowWrites == 0 && pages.quicken() && !sink.holdSpare(memory())) {
            pages.slow();
        }
        hold(memory());
    }

    private Future<Page> read() {
        ReadAhead.Place place = open.map(quant -> new ReadAhead.Place(
                        Optional.of(quant.hash()),
                        quant.header().count(),
                        quant.header().height(),
                        offset))
                .orElseGet(() -> ReadAhead.Place.at(height));
        long most = limit.quants() - quants;
        return pages.page(place, Math.min(most - 1, limit.last() - height) + 1);
    }

    private void take(Future<Page> page) {
        page.onSuccess(this::write).onFailure(done::tryFail);
    }

    private void write(Page page) {
        if (!fits(page)) {
            return;
        }
        boolean wholeQuants = open.isEmpty();
        if (!wholeQuants && page.pieces().isEmpty()) {
            done.tryFail(new Failure(Reason.CORRUPT, "a quant ends before its last transaction"));
            return;
        }
        for (Piece piece : page.pieces()) {
            if (!follow(piece)) {
                done.tryFail(new Failure(Reason.PARENT_STALE, "the chain was reorganised while it was read"));
                return;
            }
        }
        boolean atEnd = open.isEmpty()
                && (single
                        || height > limit.last()
                        || (wholeQuants && (page.end() || page.pieces().isEmpty())));
        boolean full = open.isEmpty() && (quants >= limit.quants() || bytes >= limit.bytes());
        if (atEnd || full) {
            put(page).onSuccess(written -> finish(atEnd ? -1 : height)).onFailure(done::tryFail);
        } else {
            // For a quick reader the store reads the next page while this one is written and on its way out.
            ahead = pages.pagesAhead() > 0 ? Optional.of(read()) : Optional.empty();
            put(page)
                    .compose(put -> {
                        Buffer text = out.drain();
                        written = text.length();
                        return sink.write(text);
                    })
                    .onSuccess(ready -> next())
                    .onFailure(done::tryFail);
        }
    }

    private void next() {
        Optional<Future<Page>> page = ahead;
        ahead = Optional.empty();
        adapt();
        take(page.orElseGet(this::read));
    }

    /** Whether there is memory for a page; one may be larger than was asked for, as a transaction is read whole. */
    private boolean fits(Page page) {
        long size = 0;
        for (Piece piece : page.pieces()) {
            size += HEADER_BYTES + (long) SEAL_BYTES * piece.quant().seals().size();
            for (Transaction transaction : piece.transactions()) {
                size += transaction.encoded().size();
            }
        }
        if (size <= 2L * pages.pageBytes() || sink.hold(memory(size))) {
            return true;
        }
        pages.slow();
        return hold(memory(size));
    }

    /** Writes a page into the buffer; where that is costly, on a worker thread: the event loop has others to serve. */
    private Future<Void> put(Page page) {
        if (!form.costly()) {
            page.pieces().forEach(this::write);
            return Future.succeededFuture();
        }
        return Vertx.currentContext()
                .executeBlocking(
                        () -> {
                            page.pieces().forEach(this::write);
                            return null;
                        },
                        false);
    }

    /** Counts a piece in; false if it does not follow what was taken before. */
    private boolean follow(Piece piece) {
        QuantHead quant = piece.quant();
        if (open.isEmpty()
                && before.isPresent()
                && !before.get().equals(quant.header().previous())) {
            return false;
        }
        for (Transaction transaction : piece.transactions()) {
            bytes += transaction.encoded().size();
        }
        if (piece.last()) {
            before = Optional.of(quant.hash());
            open = Optional.empty();
            height = quant.header().height() + 1;
            quants++;
            bytes += HEADER_BYTES;
        } else {
            open = Optional.of(quant);
            offset = piece.offset() + piece.transactions().size();
        }
        return true;
    }

    private void write(Piece piece) {
        QuantHead quant = piece.quant();
        int at = piece.offset();
        if (at == 0) {
            form.beginQuant(out, quant, !anyBegun);
            anyBegun = true;
        }
        long index = quant.firstIndex() + at;
        for (Transaction transaction : piece.transactions()) {
            form.transaction(out, transaction, index++, at++ == 0);
        }
        if (piece.last()) {
            form.endQuant(out, quant);
        }
    }

    private void finish(long next) {
        form.close(out, next);
        sink.write(out.drain()).onSuccess(done::tryComplete).onFailure(done::tryFail);
    }
}
