package io.qbc.client.answer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A transaction as a node has it.
 *
 * @param index its place among all transactions of the chain, if it is in it
 * @param timestamp milliseconds since 1970, as its maker has it
 * @param key the idempotency key as bytes
 * @param author the public key of who signed it; empty if nobody did
 * @param data the JSON text of the data, exactly as it came
 */
public record StoredTransaction(
        Hash id, OptionalLong index, long timestamp, Bytes key, Bytes author, String type, String data) {
    /** Reads it out of an answer. */
    static StoredTransaction of(AnswerReader answer) {
        // A line of the whole chain tells data that has line breaks once more, in hexadecimal digits.
        Bytes data =
                answer.has("raw") ? answer.bytes("raw") : answer.json("data").orElseGet(() -> Bytes.utf8("null"));
        return new StoredTransaction(
                answer.hash("id"),
                answer.optionalNumber("index"),
                answer.number("timestamp"),
                answer.bytes("key"),
                answer.bytes("author"),
                answer.optionalText("type").orElse(""),
                data.text());
    }

    /** Who signed it, if anybody did. */
    public Optional<Bytes> signer() {
        return author.isEmpty() ? Optional.empty() : Optional.of(author);
    }
}
