package io.qbc.outbox;

import io.qbc.client.request.TransactionRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A row of an outbox: a transaction that is to be in a chain, once.
 *
 * @param id its place among the rows; 0 before it is stored
 * @param key the idempotency key under which it is delivered, however often
 * @param tries how often it was tried in vain
 */
public record OutboxRow(long id, String key, String chain, String type, String data, int tries) {
    /** What stands in the row when it is stored, in the order of {@link Outbox#insert}. */
    public List<Object> values() {
        return List.of(key, chain, type, data);
    }

    /** The transaction as it is delivered, each time under the same key. */
    TransactionRequest request() {
        return new TransactionRequest(data, Optional.of(key), type, Optional.empty());
    }

    /** Rows by their chain, in their order. */
    static Map<String, List<OutboxRow>> byChain(List<OutboxRow> rows) {
        Map<String, List<OutboxRow>> chains = new LinkedHashMap<>();
        rows.forEach(row ->
                chains.computeIfAbsent(row.chain(), name -> new ArrayList<>()).add(row));
        return chains;
    }
}
