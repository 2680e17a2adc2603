package io.qbc.config;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A length of time as people write it for something that lasts, like {@code 90d}, {@code 12h}, {@code 30m}. */
public final class Span {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,6})([dhms])");

    private Span() {}

    /** Reads a span longer than nothing; nothing if it is something else. */
    public static Optional<Duration> parse(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            return Optional.empty();
        }
        long count = Long.parseLong(parts.group(1));
        Duration span = switch (parts.group(2)) {
            case "d" -> Duration.ofDays(count);
            case "h" -> Duration.ofHours(count);
            case "m" -> Duration.ofMinutes(count);
            default -> Duration.ofSeconds(count);
        };
        return Optional.of(span).filter(given -> !given.isZero());
    }
}
