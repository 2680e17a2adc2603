package io.qbc.follow;

import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Transaction;
import java.util.Optional;

/**
 * A committed transaction in its place in a chain.
 *
 * @param index its leaf index
 * @param height the height of its quant
 * @param quant the hash of its quant
 * @param quantTime the timestamp of its quant, in milliseconds since 1970
 * @param treeSize how many transactions the chain holds with its quant
 * @param id the transaction's id
 * @param payload its data, byte for byte; nothing if it is no longer there, as it was erased
 */
public record Leaf(
        long index,
        long height,
        Hash quant,
        long quantTime,
        long treeSize,
        Hash id,
        Body body,
        Optional<Bytes> payload) {

    static Leaf of(long index, Quant quant, Transaction transaction) {
        Transaction.Parts parts = transaction.parts();
        return new Leaf(
                index,
                quant.height(),
                quant.hash(),
                quant.time(),
                quant.treeSize(),
                transaction.id(),
                parts.body(),
                Optional.of(parts.payload()));
    }

    /** What leaves of one quant have in common. */
    record Quant(long height, Hash hash, long time, long treeSize) {}
}
