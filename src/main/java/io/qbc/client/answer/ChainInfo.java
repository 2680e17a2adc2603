package io.qbc.client.answer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;

/**
 * A chain as a node has it.
 *
 * @param spec the JSON text of its spec
 * @param writable whether this node takes transactions for it
 * @param waiting how many transactions wait for a quant on this node
 */
public record ChainInfo(Hash id, String name, String spec, boolean writable, boolean frozen, Head head, long waiting) {
    /**
     * A chain's last quant.
     *
     * @param treeSize how many transactions the chain has
     * @param root of the tree over all of them
     * @param timestamp milliseconds since 1970
     */
    public record Head(long height, Hash hash, long treeSize, Hash root, long timestamp) {
        private static Head of(AnswerReader answer) {
            return new Head(
                    answer.number("height"),
                    answer.hash("hash"),
                    answer.number("treeSize"),
                    answer.hash("root"),
                    answer.number("timestamp"));
        }
    }

    /** Reads an answer. */
    public static ChainInfo of(AnswerReader answer) {
        return new ChainInfo(
                answer.hash("id"),
                answer.text("name"),
                answer.json("spec").orElse(Bytes.EMPTY).text(),
                answer.flag("writable"),
                answer.flag("frozen"),
                Head.of(answer.object("head")),
                answer.object("pool").number("transactions"));
    }

    /** The version of the rules that the chain's data must keep; 0 without rules. */
    public int rulesVersion() {
        return (int) AnswerReader.of(Bytes.utf8(spec))
                .optionalObject("rules")
                .map(rules -> rules.optionalNumber("version").orElse(0))
                .orElse(0L)
                .longValue();
    }
}
