package io.qbc.api;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A time for which a caller waits for a quant, unless it leaves before.
 *
 * @param whenLeft takes what is to run when the caller leaves
 */
public record WaitTime(Duration most, Consumer<Runnable> whenLeft) {
    private static final Pattern FORM = Pattern.compile("([0-9]{1,9})(ms|s|m)?");

    /** Reads a time as callers write it: {@code 5s}, {@code 500ms}, {@code 1m}, or seconds alone; nonsense fails. */
    public static Duration read(String text) {
        Matcher time = FORM.matcher(text);
        if (!time.matches()) {
            throw new Failure(Reason.REQUEST_INVALID, "wait must be a time like 5s or 500ms");
        }
        long number = Long.parseLong(time.group(1));
        return switch (time.group(2) == null ? "s" : time.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofSeconds(number);
        };
    }

    /** For a caller that cannot be seen leaving. */
    public WaitTime(Duration most) {
        this(most, left -> {});
    }
}
