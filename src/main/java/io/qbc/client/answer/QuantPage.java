package io.qbc.client.answer;

import java.util.List;
import java.util.OptionalLong;

/**
 * A page of quants in order.
 *
 * @param next the height to go on at; nothing when the head is in the page, or was passed
 */
public record QuantPage(List<QuantInfo> quants, OptionalLong next) {
    public QuantPage {
        quants = List.copyOf(quants);
    }

    /** Reads an answer. */
    public static QuantPage of(AnswerReader answer) {
        return new QuantPage(
                answer.objects("quants").stream().map(QuantInfo::of).toList(), answer.optionalNumber("next"));
    }
}
