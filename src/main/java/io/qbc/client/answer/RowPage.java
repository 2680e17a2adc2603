package io.qbc.client.answer;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.Optional;

/**
 * A page of rows, or of what led to one.
 *
 * @param rows each the JSON text of an object, with its numbers as they are in the table
 * @param next where to go on; nothing when this was all
 * @param leaf how far the tables were: the leaf index of the next transaction
 */
public record RowPage(List<String> rows, Optional<String> next, long leaf) {
    public RowPage {
        rows = List.copyOf(rows);
    }

    /** Reads an answer. */
    public static RowPage of(AnswerReader answer) {
        return new RowPage(
                answer.items("rows").stream().map(Bytes::text).toList(),
                answer.optionalText("next"),
                answer.number("leaf"));
    }
}
