package io.qbc.api.limits;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** A budget of bytes: at most so many are held at once, counted across all instances of the API. */
public final class ByteBudget {
    private final AtomicLong held = new AtomicLong();
    private final long most;
    private final Optional<ByteBudget> whole;

    public ByteBudget(long most) {
        this(most, Optional.empty());
    }

    private ByteBudget(long most, Optional<ByteBudget> whole) {
        this.most = most;
        this.whole = whole;
    }

    /** A part of this budget: what is taken of it is taken of this one too. */
    ByteBudget part(long partMost) {
        return new ByteBudget(partMost, Optional.of(this));
    }

    /** Takes so many; false, and nothing taken, when they are not to be had. */
    public boolean take(long bytes) {
        if (!takeOwn(bytes)) {
            return false;
        }
        if (whole.isEmpty() || whole.get().take(bytes)) {
            return true;
        }
        held.addAndGet(-bytes);
        return false;
    }

    /** What is not to be had is not taken for a moment either, in which another one would miss it. */
    private boolean takeOwn(long bytes) {
        long before = held.get();
        while (before + bytes <= most) {
            if (held.compareAndSet(before, before + bytes)) {
                return true;
            }
            before = held.get();
        }
        return false;
    }

    /**
     * Takes more for who holds some of it already; where they are not to be had, gives back what is held, so that of
     * those who grow at once not all are in each other's way.
     */
    public synchronized boolean grow(long bytesHeld, long more) {
        if (take(more)) {
            return true;
        }
        release(bytesHeld);
        return false;
    }

    /** Takes so many while half of all is free, for what is only quicker with more; false, and nothing taken, else. */
    public boolean takeSpare(long bytes) {
        return isSpare(bytes) && (whole.isEmpty() || whole.get().isSpare(bytes)) && take(bytes);
    }

    private boolean isSpare(long bytes) {
        return held.get() + bytes <= most / 2;
    }

    public void release(long bytes) {
        held.addAndGet(-bytes);
        if (whole.isPresent()) {
            whole.get().release(bytes);
        }
    }

    public long held() {
        return held.get();
    }

    public long most() {
        return most;
    }
}
