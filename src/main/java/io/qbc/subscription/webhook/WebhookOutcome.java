package io.qbc.subscription.webhook;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** What became of one attempt. */
sealed interface WebhookOutcome {
    /** What it is called where attempts are counted. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** The receiver has it. */
    record Delivered(int status) implements WebhookOutcome {}

    /**
     * The receiver wants less for a while.
     *
     * @param after how long it wants to be left alone, if it says so
     */
    record Throttled(String why, Optional<Duration> after) implements WebhookOutcome {}

    /** The receiver wants nothing any more (410). */
    record Gone(String why) implements WebhookOutcome {}

    /** It did not work. */
    record Failed(String why) implements WebhookOutcome {}
}
