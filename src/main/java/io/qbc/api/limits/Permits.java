package io.qbc.api.limits;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A counting limit: at most so many of something at once, counted across all instances of the API. */
public final class Permits {
    private final AtomicInteger taken = new AtomicInteger();
    private final int most;
    private final Optional<Permits> whole;

    public Permits(int most) {
        this(most, Optional.empty());
    }

    private Permits(int most, Optional<Permits> whole) {
        this.most = most;
        this.whole = whole;
    }

    /** A part of these: what is taken of it is taken of these too. */
    Permits part(int partMost) {
        return new Permits(partMost, Optional.of(this));
    }

    /** Takes one; false, and nothing taken, when all are in use. */
    public boolean take() {
        if (taken.incrementAndGet() <= most && (whole.isEmpty() || whole.get().take())) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    public void release() {
        taken.decrementAndGet();
        if (whole.isPresent()) {
            whole.get().release();
        }
    }

    public int inUse() {
        return taken.get();
    }
}
