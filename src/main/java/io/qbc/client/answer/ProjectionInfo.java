package io.qbc.client.answer;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A chain that is kept as tables, and how far that is.
 *
 * @param state in lower case, such as {@code running}
 * @param leaf the leaf index of the next transaction
 * @param lastError the JSON text of what stopped it
 * @param verification the JSON text of the last comparison with the chain
 * @param json all of the answer
 */
public record ProjectionInfo(
        String name,
        String state,
        Optional<Hash> chain,
        OptionalLong leaf,
        OptionalLong height,
        OptionalLong lagTransactions,
        OptionalLong lagMillis,
        long dead,
        Optional<String> lastError,
        Optional<String> verification,
        String json) {
    /** Reads an answer. */
    public static ProjectionInfo of(AnswerReader answer) {
        return new ProjectionInfo(
                answer.text("name"),
                answer.text("state"),
                answer.optionalHash("chain"),
                answer.optionalNumber("leaf"),
                answer.optionalNumber("height"),
                answer.optionalNumber("lagTransactions"),
                answer.optionalNumber("lagMillis"),
                answer.optionalNumber("dead").orElse(0),
                answer.json("lastError").map(Bytes::text),
                answer.json("verification").map(Bytes::text),
                answer.json());
    }
}
