package io.qbc.client.answer;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a subscription stands.
 *
 * @param state {@code active}, {@code retrying}, {@code paused}, {@code disabled} or {@code damaged}
 * @param offset the leaf index of the next transaction
 * @param generation changes whenever it is moved to another place
 * @param lagEvents how many transactions it is behind, before its filter
 * @param lagMillis how old the oldest of these is
 * @param acknowledged how many events were
 * @param nextAttempt milliseconds since 1970
 * @param consumer who has its lease
 * @param dead how many dead letters it has
 */
public record SubscriptionStatus(
        String state,
        long offset,
        long generation,
        long lagEvents,
        long lagMillis,
        long acknowledged,
        OptionalLong nextAttempt,
        Optional<String> lastError,
        Optional<String> consumer,
        long dead) {
    /** Reads an answer. */
    public static SubscriptionStatus of(AnswerReader answer) {
        return new SubscriptionStatus(
                answer.text("state"),
                number(answer, "offset"),
                number(answer, "generation"),
                number(answer, "lagEvents"),
                number(answer, "lagMillis"),
                number(answer, "acknowledged"),
                answer.optionalNumber("nextAttempt"),
                answer.optionalText("lastError"),
                answer.optionalText("consumer"),
                number(answer, "dead"));
    }

    private static long number(AnswerReader answer, String name) {
        return answer.optionalNumber(name).orElse(0);
    }
}
