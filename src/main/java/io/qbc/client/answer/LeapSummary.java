package io.qbc.client.answer;

import io.qbc.model.Hash;

/**
 * The outcome of a leap: all that waited is sealed.
 *
 * @param height of the last quant that it made
 * @param hash of that quant
 * @param count how many transactions were sealed
 * @param quants in how many quants
 * @param treeSize how many transactions the chain has now
 */
public record LeapSummary(Hash chain, long height, Hash hash, long count, long quants, long treeSize) {
    /** Reads an answer. */
    public static LeapSummary of(AnswerReader answer) {
        return new LeapSummary(
                answer.hash("chain"),
                answer.number("height"),
                answer.hash("hash"),
                answer.number("count"),
                answer.number("quants"),
                answer.number("treeSize"));
    }
}
