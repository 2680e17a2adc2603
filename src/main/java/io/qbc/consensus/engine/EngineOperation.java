package io.qbc.consensus.engine;

import io.qbc.model.Body;
import io.qbc.model.Bytes;
import io.qbc.model.Transaction;
import java.util.List;
import java.util.Optional;

/**
 * A signed transaction that speaks to the chain's engine: its type begins with "qbc.". One that makes no sense to the
 * engine has no effect, and never makes its quant invalid.
 *
 * @param author the key that signed it
 * @param type the type's name
 * @param payload the JSON as it came
 */
public record EngineOperation(Bytes author, String type, Bytes payload) {
    public static final String PREFIX = "qbc.";
    private static final Bytes PREFIX_BYTES = Bytes.utf8(PREFIX);

    /** The operation that a valid transaction is; nothing if it is none. */
    public static Optional<EngineOperation> of(Transaction transaction) {
        Body body = transaction.body();
        if (body.author().isEmpty() || !isOrder(body.type())) {
            return Optional.empty();
        }
        return Optional.of(new EngineOperation(body.author(), body.type().text(), transaction.payload()));
    }

    /** The operations among valid transactions, in the order of the transactions. */
    public static List<EngineOperation> among(List<Transaction> transactions) {
        return transactions.stream()
                .map(EngineOperation::of)
                .flatMap(Optional::stream)
                .toList();
    }

    /** Whether a transaction of this type speaks to the engine. */
    public static boolean isOrder(Bytes type) {
        int size = PREFIX_BYTES.size();
        return type.size() > size && type.slice(0, size).equals(PREFIX_BYTES);
    }
}
