package io.qbc.gossip;

import io.qbc.gossip.Message.Part;
import io.qbc.model.Hash;
import io.qbc.model.Outline;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/** Quants of one run that were offered to the ledger and wait for its answer, oldest first; bounded. */
final class OfferWindow {
    private static final int COUNT_MAX = 64;
    private static final long BYTES_MAX = 8L << 20;
    private static final int OVERHEAD = 1024;

    private final Deque<Offer> offers = new ArrayDeque<>();
    private final long bytesMax;
    private long bytes;

    /** @param queueBytes what may wait for the ledger; a run takes a part of it, as there are others */
    OfferWindow(long queueBytes) {
        bytesMax = Math.min(BYTES_MAX, queueBytes / 8);
    }

    /** A quant and the answer that will come. */
    record Offer(Outline outline, long bytes, Future<Verdict> verdict) {}

    /** About what a quant takes while it waits. */
    static long bytes(Part part) {
        long bytes = OVERHEAD + (long) Hash.BYTES * part.outline().ids().size();
        for (Transaction transaction : part.transactions()) {
            bytes += transaction.encoded().size();
        }
        return bytes;
    }

    /** Whether there is room for so many bytes more; a quant that is larger than all of it goes alone. */
    boolean roomy(long more) {
        return offers.isEmpty() || (offers.size() < COUNT_MAX && bytes + more <= bytesMax);
    }

    /** Whether answers are still to come. */
    boolean isOpen() {
        return !offers.isEmpty();
    }

    void add(Outline outline, long size, Future<Verdict> verdict) {
        offers.add(new Offer(outline, size, verdict));
        bytes += size;
    }

    /** Takes out the oldest. */
    Offer take() {
        Offer oldest = offers.remove();
        bytes -= oldest.bytes();
        return oldest;
    }
}
