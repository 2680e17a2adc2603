package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.Optional;

/** An event of a chain: a quant came or left, a transaction was superseded, or a subscription was disabled. */
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

    /** A subscription to the chain stopped by itself, until somebody resumes it. */
    record SubscriptionDisabled(Hash chain, String subscription, String error) implements ChainEvent {}

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

    /** Reads an event; nothing if this client does not know its type, as a node may be newer. */
    static Optional<ChainEvent> of(String type, AnswerReader data) {
        Hash chain = data.hash("chain");
        return switch (type) {
            case "quant" -> Optional.of(new QuantCame(chain, QuantNews.of(data)));
            case "undone" -> Optional.of(new QuantUndone(chain, QuantNews.of(data)));
            case "superseded" ->
                Optional.of(new Superseded(
                        chain, data.hash("id"), TransactionState.of(data.text("state")), data.hash("standing")));
            case "subscription_disabled" ->
                Optional.of(new SubscriptionDisabled(chain, data.text("subscription"), data.text("error")));
            default -> Optional.empty();
        };
    }
}
