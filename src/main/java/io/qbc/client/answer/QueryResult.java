package io.qbc.client.answer;

import io.qbc.model.Bytes;
import java.util.List;

/**
 * The answer to a query in SQL.
 *
 * @param columns their names
 * @param types their types
 * @param rows each the JSON text of an array with a value for each column
 * @param more whether there are more rows than were asked for
 * @param leaf how far the tables were: the leaf index of the next transaction
 */
public record QueryResult(List<String> columns, List<String> types, List<String> rows, boolean more, long leaf) {
    public QueryResult {
        columns = List.copyOf(columns);
        types = List.copyOf(types);
        rows = List.copyOf(rows);
    }

    /** Reads an answer. */
    public static QueryResult of(AnswerReader answer) {
        return new QueryResult(
                answer.texts("columns"),
                answer.texts("types"),
                answer.items("rows").stream().map(Bytes::text).toList(),
                answer.flag("more"),
                answer.number("leaf"));
    }
}
