package io.qbc.projection.mapping;

import java.util.List;
import java.util.Optional;

/**
 * One table that is made of transactions.
 *
 * @param when the types of transactions that it is made of; nothing for all
 * @param each the array of which each item makes a row; nothing for one row a transaction
 * @param latest whether there is one row a key, which the newest transaction replaces; otherwise rows are added
 * @param key what the key is made of, for {@code latest}
 * @param deleteWhen the types of transactions that take the row of their key away
 */
public record TableMapping(
        String name,
        Optional<TypePattern> when,
        Optional<JsonPointer> each,
        boolean latest,
        List<Source> key,
        Optional<TypePattern> deleteWhen,
        List<ColumnMapping> columns) {
    public TableMapping {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** Whether a transaction of this type makes a change here. */
    boolean concerns(String type) {
        return deletes(type) || when.map(pattern -> pattern.matches(type)).orElse(true);
    }

    boolean deletes(String type) {
        return deleteWhen.map(pattern -> pattern.matches(type)).orElse(false);
    }
}
