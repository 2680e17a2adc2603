package io.qbc.http;

import java.util.concurrent.atomic.AtomicInteger;

/** So many of something at once and no more, counted across all instances of the doors. */
final class Slots {
    private final AtomicInteger taken = new AtomicInteger();
    private final int most;

    Slots(int most) {
        this.most = most;
    }

    /** Takes one; false, and nothing taken, when all are in use. */
    boolean take() {
        if (taken.incrementAndGet() <= most) {
            return true;
        }
        taken.decrementAndGet();
        return false;
    }

    void release() {
        taken.decrementAndGet();
    }

    int inUse() {
        return taken.get();
    }
}
