package io.qbc.client.answer;

import io.qbc.model.Hash;

/** An event of a chain: a quant came to it or left it, or a transaction was superseded. */
public sealed interface ChainEvent {
    /** The chain's id. */
    Hash chain();

    /** A quant was put on top of the chain. */
    record QuantCame(Hash chain, QuantNews quant) implements ChainEvent {}

    /** The top quant left the chain again, as another branch became it. */
    record QuantUndone(Hash chain, QuantNews quant) implements ChainEvent {}

    /**
     * A transaction that the node took in will not be in the chain, since another one of the same author and key is.
     *
     * @param state whether that one has the same data
     * @param standing its id
     */
    record Superseded(Hash chain, Hash id, TransactionState state, Hash standing) implements ChainEvent {}

    /**
     * What is told of a quant.
     *
     * @param count how many transactions it has
     * @param treeSize how many the chain has with it
     * @param timestamp milliseconds since 1970
     */
    record QuantNews(long height, Hash hash, long count, long treeSize, long timestamp) {
        /** The news of a quant that was read. */
        public static QuantNews of(QuantInfo quant) {
            return new QuantNews(
                    quant.height(),
                    quant.hash(),
                    quant.tree().count(),
                    quant.tree().size(),
                    quant.timestamp());
        }

        static QuantNews of(AnswerReader data) {
            return new QuantNews(
                    data.number("height"),
                    data.hash("hash"),
                    data.number("count"),
                    data.number("treeSize"),
                    data.number("timestamp"));
        }
    }

    /**
     * Reads an event.
     *
     * @throws IllegalArgumentException if the client does not know this type of events
     */
    static ChainEvent of(String type, AnswerReader data) {
        Hash chain = data.hash("chain");
        return switch (type) {
            case "quant" -> new QuantCame(chain, QuantNews.of(data));
            case "undone" -> new QuantUndone(chain, QuantNews.of(data));
            case "superseded" ->
                new Superseded(chain, data.hash("id"), TransactionState.of(data.text("state")), data.hash("standing"));
            default -> throw new IllegalArgumentException("events of the type " + type + " are not known");
        };
    }
}
