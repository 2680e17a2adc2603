package io.qbc.api;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * A time for which a caller waits for a quant, unless it leaves before.
 *
 * @param whenLeft takes what is to run when the caller leaves
 */
public record WaitTime(Duration most, Consumer<Runnable> whenLeft) {
    /** For a caller that cannot be seen leaving. */
    public WaitTime(Duration most) {
        this(most, left -> {});
    }
}
