package io.qbc.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The clock of a test's nodes: that of the machine until it is stopped or moved. Timestamps and rules go by it; what a
 * node does after a while by itself, such as a leap after {@code leap.age}, goes by the time that really passes.
 */
public final class LedgerClock implements InstantSource {
    private final AtomicReference<InstantSource> source = new AtomicReference<>(InstantSource.system());

    /** A clock that goes as the machine's does. */
    public LedgerClock() {}

    @Override
    public Instant instant() {
        return source.get().instant();
    }

    /** Lets it stand at an instant. */
    public void stopAt(Instant instant) {
        source.set(InstantSource.fixed(instant));
    }

    /** Moves it on, whether it stands or goes. */
    public void advance(Duration time) {
        source.updateAndGet(before -> InstantSource.offset(before, time));
    }
}
