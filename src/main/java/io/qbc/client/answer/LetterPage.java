package io.qbc.client.answer;

import io.qbc.model.Hash;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A page of dead letters: of events that could not be delivered.
 *
 * @param next behind which number the next page begins; nothing when this was all
 */
public record LetterPage(List<Letter> letters, OptionalLong next) {
    public LetterPage {
        letters = List.copyOf(letters);
    }

    /**
     * An event that could not be delivered, by its ids alone.
     *
     * @param number what it is called by
     * @param event the event's id
     * @param index the leaf index of its transaction
     * @param at milliseconds since 1970
     */
    public record Letter(
            long number,
            String event,
            long index,
            Optional<Hash> transaction,
            long attempts,
            Optional<String> error,
            long at) {
        /** Reads an answer. */
        public static Letter of(AnswerReader answer) {
            return new Letter(
                    answer.number("number"),
                    answer.text("event"),
                    answer.number("index"),
                    answer.optionalHash("transaction"),
                    answer.number("attempts"),
                    answer.optionalText("error"),
                    answer.number("at"));
        }
    }

    /** Reads an answer. */
    public static LetterPage of(AnswerReader answer) {
        return new LetterPage(answer.objects("dead").stream().map(Letter::of).toList(), answer.optionalNumber("next"));
    }
}
