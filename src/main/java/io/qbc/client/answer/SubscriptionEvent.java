package io.qbc.client.answer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;

/** An event of a subscription: a transaction counts, or transactions count no more. */
public sealed interface SubscriptionEvent {
    /** The same whenever it is delivered. */
    String id();

    /** The leaf index of its transaction, or of the first one that is undone. */
    long index();

    /** The offset that acknowledges it. */
    long next();

    /** The height of its quant. */
    long height();

    /** The hash of its quant. */
    Hash quant();

    /**
     * A transaction counts.
     *
     * @param quantTime milliseconds since 1970
     * @param treeSize how many transactions the chain has with its quant
     * @param timestamp milliseconds since 1970, as its maker has it
     * @param key the idempotency key as bytes
     * @param author the public key of who signed it; empty if nobody did
     * @param data the JSON text of its data, where the subscription asks for it and it was not erased
     * @param erased whether the data is no longer there
     */
    record Committed(
            String id,
            long index,
            long next,
            long height,
            Hash quant,
            long quantTime,
            long treeSize,
            Hash transaction,
            long timestamp,
            Bytes key,
            Bytes author,
            String type,
            Optional<String> data,
            boolean erased)
            implements SubscriptionEvent {}

    /** All that was delivered from the index on is undone; what is in the chain now follows. */
    record Reverted(String id, long index, long next, long height, Hash quant) implements SubscriptionEvent {}

    /** Reads an event. */
    static SubscriptionEvent of(AnswerReader answer) {
        String id = answer.text("id");
        long index = answer.number("index");
        long next = answer.number("next");
        long height = answer.number("height");
        Hash quant = answer.hash("quant");
        return switch (answer.text("event")) {
            case "qbc.transactions.reverted" -> new Reverted(id, index, next, height, quant);
            case "qbc.transaction.committed" ->
                new Committed(
                        id,
                        index,
                        next,
                        height,
                        quant,
                        answer.number("quantTime"),
                        answer.number("treeSize"),
                        answer.hash("transaction"),
                        answer.number("timestamp"),
                        answer.bytes("key"),
                        answer.bytes("author"),
                        answer.optionalText("type").orElse(""),
                        answer.json("data").map(Bytes::text),
                        answer.flag("erased"));
            default -> throw new IllegalArgumentException("events like " + answer.text("event") + " are not known");
        };
    }
}
