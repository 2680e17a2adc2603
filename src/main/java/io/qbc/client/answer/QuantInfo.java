package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.List;
import java.util.stream.Stream;

/**
 * A quant with its transactions.
 *
 * @param chain the chain's id
 * @param timestamp milliseconds since 1970
 * @param previous the hash of the quant before it
 * @param tree over all transactions of the chain with it
 */
public record QuantInfo(
        Hash chain,
        Hash hash,
        long height,
        long timestamp,
        Hash previous,
        Tree tree,
        List<StoredTransaction> transactions) {
    public QuantInfo {
        transactions = List.copyOf(transactions);
    }

    /**
     * The tree over all transactions of the chain up to a quant.
     *
     * @param size how many they are
     * @param count how many of them are in the quant itself
     */
    public record Tree(long size, Hash root, long count) {}

    /** Reads an answer. */
    public static QuantInfo of(AnswerReader answer) {
        return new QuantInfo(
                answer.hash("chain"),
                answer.hash("hash"),
                answer.number("height"),
                answer.number("timestamp"),
                answer.hash("previous"),
                new Tree(answer.number("treeSize"), answer.hash("root"), answer.number("count")),
                answer.objects("transactions").stream()
                        .map(StoredTransaction::of)
                        .toList());
    }

    /** The same with more of its transactions behind those that are there. */
    public QuantInfo with(List<StoredTransaction> more) {
        return new QuantInfo(
                chain,
                hash,
                height,
                timestamp,
                previous,
                tree,
                Stream.concat(transactions.stream(), more.stream()).toList());
    }
}
