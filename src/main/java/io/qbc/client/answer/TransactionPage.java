package io.qbc.client.answer;

import java.util.List;
import java.util.Optional;

/**
 * A page of a list of transactions.
 *
 * @param next where to go on; nothing when this was all. A page may be short, or empty, and have it.
 */
public record TransactionPage(List<FoundTransaction> transactions, Optional<String> next) {
    public TransactionPage {
        transactions = List.copyOf(transactions);
    }

    /** Reads an answer. */
    public static TransactionPage of(AnswerReader answer) {
        return new TransactionPage(
                answer.objects("transactions").stream()
                        .map(FoundTransaction::of)
                        .toList(),
                answer.optionalText("next"));
    }
}
