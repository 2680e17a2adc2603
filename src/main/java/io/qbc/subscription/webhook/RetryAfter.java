package io.qbc.subscription.webhook;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The field {@code Retry-After} (RFC 9110, section 10.2.3): seconds, or the date of HTTP. */
final class RetryAfter {
    private static final int DIGITS_MAX = 9;

    private RetryAfter() {}

    /**
     * How long a receiver wants to be left alone, at most {@code most}; nothing if what it says is neither form.
     *
     * @param now by this node's clock, as the date is told
     */
    static Optional<Duration> read(String text, Instant now, Duration most) {
        String value = text.strip();
        Optional<Duration> pause = !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Optional.of(seconds(value))
                : date(value).map(date -> Duration.between(now, date));
        return pause.map(wanted -> wanted.isNegative() ? Duration.ZERO : wanted)
                .map(wanted -> wanted.compareTo(most) > 0 ? most : wanted);
    }

    private static Duration seconds(String digits) {
        return Duration.ofSeconds(digits.length() > DIGITS_MAX ? Integer.MAX_VALUE : Long.parseLong(digits));
    }

    private static Optional<Instant> date(String text) {
        try {
            return Optional.of(ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant());
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
