package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The result of an inject: the transaction is durable on the node that answered.
 *
 * @param chain the chain's id; nothing in the answers to a batch by REST, which leave it out
 * @param height of the quant that the transaction is in
 * @param index its place among all transactions of the chain
 * @param quant the hash of that quant
 * @param standing the transaction that is in the chain in its place
 */
public record InjectResult(
        Hash id,
        Optional<Hash> chain,
        TransactionState state,
        OptionalLong height,
        OptionalLong index,
        Optional<Hash> quant,
        Optional<Hash> standing) {
    /** Reads an answer. */
    public static InjectResult of(AnswerReader answer) {
        return new InjectResult(
                answer.hash("id"),
                answer.optionalHash("chain"),
                TransactionState.of(answer.text("state")),
                answer.optionalNumber("height"),
                answer.optionalNumber("index"),
                answer.optionalHash("quant"),
                answer.optionalHash("standing"));
    }

    /** Whether it is in a quant. */
    public boolean isCommitted() {
        return state == TransactionState.COMMITTED;
    }
}
