package io.qbc.api;

import java.util.concurrent.atomic.AtomicInteger;

/** A counting limit: at most so many of something at once, counted across all instances of the API. */
public final class Permits {
    private final AtomicInteger taken = new AtomicInteger();
    private final int most;

    public Permits(int most) {
        this.most = most;
    }

    /** Takes one; false, and nothing taken, when all are in use. */
    public boolean take() {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    public void release() {
        taken.decrementAndGet();
    }

    public int inUse() {
        return taken.get();
    }
}
