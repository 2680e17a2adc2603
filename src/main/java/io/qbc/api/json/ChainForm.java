package io.qbc.api.json;

import io.qbc.bus.Catalogue.QuantHead;
import io.qbc.model.Transaction;

/** A form in which a run of quants is written, piece by piece, so that no quant need ever be in memory whole. */
public interface ChainForm {
    /** Whether payloads are calculated and not copied, so that writing them belongs on a worker thread. */
    default boolean costly() {
        return false;
    }

    /** Before the first quant. */
    void open(JsonBuffer out);

    /** Before a quant's transactions; {@code first} if no quant was written before. */
    void beginQuant(JsonBuffer out, QuantHead quant, boolean first);

    /**
     * One transaction of the quant that was begun.
     *
     * @param index the transaction's leaf index in the chain
     * @param first whether it is the quant's first
     */
    void transaction(JsonBuffer out, Transaction transaction, long index, boolean first);

    void endQuant(JsonBuffer out, QuantHead quant);

    /** After the last quant; {@code next} is the height to go on at, or -1 when the head was written. */
    void close(JsonBuffer out, long next);
}
