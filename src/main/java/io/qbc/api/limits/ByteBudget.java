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
        if (held.addAndGet(bytes) <= most && (whole.isEmpty() || whole.get().take(bytes))) {
            return true;
        }
        held.addAndGet(-bytes);
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
