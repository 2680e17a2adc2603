package io.qbc.config;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A length of time as people and programs write it, everywhere the same: {@code 500ms}, {@code 5s}, {@code 30m},
 * {@code 12h}, {@code 90d}, or as ISO 8601 has it, {@code PT5S}.
 */
public final class Span {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
    private static final int CHARS_MAX = 40;
    /** As long as the short form can say. */
    private static final Duration MOST = Duration.ofDays(999_999_999);

    private Span() {}

    /** Reads a span, not below nothing; nothing if it is something else. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return iso(text);
        }
        long count = Long.parseLong(parts.group(1));
        return Optional.of(
                switch (parts.group(2)) {
                    case "d" -> Duration.ofDays(count);
                    case "h" -> Duration.ofHours(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "s" -> Duration.ofSeconds(count);
                    default -> Duration.ofMillis(count);
                });
    }

    /** Reads a span of at least a millisecond. */
    public static Optional<Duration> positive(String text) {
        return parse(text).filter(span -> span.toMillis() > 0);
    }

    private static Optional<Duration> iso(String text) {
        try {
            return text.length() > CHARS_MAX
                    ? Optional.empty()
                    : Optional.of(Duration.parse(text)).filter(span -> !span.isNegative() && span.compareTo(MOST) <= 0);
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }
}
