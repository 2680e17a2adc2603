package io.qbc.protocol.sync;

import io.qbc.model.Canonical;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import io.qbc.protocol.message.Message.Part;
import java.util.List;
import java.util.TreeMap;

/** The window of one run: quants by height that were offered to the store and are not answered yet; bounded. */
final class OfferWindow {
    private static final int COUNT_MAX = 64;
    private static final int OVERHEAD_BYTES = 1024;

    private final long bytesMax;
    private final TreeMap<Long, Long> sizes = new TreeMap<>();
    private long bytes;
    private int incomplete;

    OfferWindow(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether a quant may be offered now; one that is cut, or larger than the whole window, goes alone. */
    boolean fits(Part part) {
        boolean roomLeft = !PartialQuants.isCut(part) && sizes.size() < COUNT_MAX && bytes + size(part) <= bytesMax;
        return incomplete == 0 && (sizes.isEmpty() || roomLeft);
    }

    void add(Part part) {
        long size = size(part);
        sizes.put(part.compactQuant().header().height(), size);
        bytes += size;
        // More of one that is cut may have to be fetched, and what comes after it needs it.
        incomplete += PartialQuants.isCut(part) ? 1 : 0;
    }

    /** It is answered. */
    void remove(Part part) {
        bytes -= sizes.remove(part.compactQuant().header().height());
        incomplete -= PartialQuants.isCut(part) ? 1 : 0;
    }

    /** Nothing is offered while something is completed. */
    void complete(boolean begun) {
        incomplete += begun ? 1 : -1;
    }

    boolean isEmpty() {
        return sizes.isEmpty();
    }

    /** Whether one below a height waits for its answer. */
    boolean before(long height) {
        return !sizes.headMap(height).isEmpty();
    }

    /** About what a quant takes while it waits. */
    private static long size(Part part) {
        return OVERHEAD_BYTES + (long) Hash.BYTES * part.compactQuant().ids().size() + bytes(part.transactions());
    }

    /** About what a peer sent for a quant. */
    static long sent(Part part) {
        int cut = part.compactQuant().ids().size() - part.transactions().size();
        return Canonical.HEADER_BYTES_MIN + (long) Hash.BYTES * cut + bytes(part.transactions());
    }

    /** The bytes of transactions as they are sent. */
    static long bytes(List<Transaction> transactions) {
        long size = 0;
        for (Transaction transaction : transactions) {
            size += transaction.encoded().size();
        }
        return size;
    }
}
