package io.qbc.api;

import java.util.concurrent.atomic.AtomicInteger;

/** So many of something at once and no more, counted across all instances of the doors. */
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
