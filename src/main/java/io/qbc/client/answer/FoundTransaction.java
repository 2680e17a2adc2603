package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A transaction that was asked for, and where it is.
 *
 * @param height of the quant that it is in
 * @param quant the hash of that quant
 * @param standing the transaction that is in the chain in its place
 */
public record FoundTransaction(
        StoredTransaction transaction,
        Hash chain,
        TransactionState state,
        OptionalLong height,
        Optional<Hash> quant,
        Optional<Hash> standing) {
    /** Reads an answer. */
    public static FoundTransaction of(AnswerReader answer) {
        return new FoundTransaction(
                StoredTransaction.of(answer),
                answer.hash("chain"),
                TransactionState.of(answer.text("state")),
                answer.optionalNumber("height"),
                answer.optionalHash("quant"),
                answer.optionalHash("standing"));
    }

    /** Whether it is in a quant. */
    public boolean isCommitted() {
        return state == TransactionState.COMMITTED;
    }
}
