package io.qbc.api;

import io.qbc.bus.Failure;
import io.qbc.config.Span;
import io.qbc.model.Reason;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * A time for which a caller waits for a quant, unless it leaves before.
 *
 * @param whenLeft takes what is to run when the caller leaves
 */
public record WaitTime(Duration most, Consumer<Runnable> whenLeft) {
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,9}");

    /** Reads a time as callers write it: a {@link Span} like {@code 5s}, or seconds alone; nonsense fails. */
    public static Duration read(String text) {
        return Span.parse(SECONDS.matcher(text).matches() ? text + "s" : text)
                .orElseThrow(() -> new Failure(Reason.REQUEST_INVALID, "wait must be a time like 5s or 500ms"));
    }

    /** Reads a member of JSON: a number of seconds, or a text. */
    public static Duration read(Object value) {
        boolean known = value instanceof String || value instanceof Integer || value instanceof Long;
        return read(known ? value.toString() : "");
    }

    /** For a caller that cannot be seen leaving. */
    public WaitTime(Duration most) {
        this(most, left -> {});
    }
}
