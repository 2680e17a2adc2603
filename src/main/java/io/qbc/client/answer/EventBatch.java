package io.qbc.client.answer;

import java.util.List;

/**
 * Events that were fetched. None is no error and not the end.
 *
 * @param offset what acknowledges all of them
 * @param generation of the place that they were fetched from, to be said with the acknowledgement
 * @param more whether there are more already
 */
public record EventBatch(List<SubscriptionEvent> events, long offset, long generation, boolean more) {
    public EventBatch {
        events = List.copyOf(events);
    }

    /** Reads an answer. */
    public static EventBatch of(AnswerReader answer) {
        return new EventBatch(
                answer.objects("events").stream().map(SubscriptionEvent::of).toList(),
                answer.number("offset"),
                answer.number("generation"),
                answer.flag("more"));
    }
}
