package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A page of transactions that did not fit their tables and were kept aside.
 *
 * @param next the leaf index at which the next page begins; nothing when this was all
 */
public record DeadRowPage(List<DeadRow> rows, OptionalLong next) {
    public DeadRowPage {
        rows = List.copyOf(rows);
    }

    /**
     * A transaction that did not fit.
     *
     * @param pointer the JSON pointer to what did not
     */
    public record DeadRow(long leaf, Hash transaction, Optional<String> table, String pointer, String reason) {
        private static DeadRow of(AnswerReader answer) {
            return new DeadRow(
                    answer.number("leaf"),
                    answer.hash("transaction"),
                    answer.optionalText("table"),
                    answer.optionalText("pointer").orElse(""),
                    answer.optionalText("reason").orElse(""));
        }
    }

    /** Reads an answer. */
    public static DeadRowPage of(AnswerReader answer) {
        return new DeadRowPage(
                answer.objects("dead").stream().map(DeadRow::of).toList(), answer.optionalNumber("next"));
    }
}
