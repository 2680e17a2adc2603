package io.qbc.api;

import io.vertx.core.Future;
import java.util.Optional;

/**
 * Bytes of a {@link ByteBudget} that one call takes until it is over and nobody works on it any more. Confined to the
 * call's event loop.
 */
public final class ByteLease {
    private final ByteBudget budget;
    private final String caller;
    private long bytes;
    private boolean working;
    private boolean over;

    private ByteLease(ByteBudget budget, String caller, long bytes) {
        this.budget = budget;
        this.caller = caller;
        this.bytes = bytes;
    }

    /** Takes so many bytes; nothing when there are not as many left for the caller. */
    public static Optional<ByteLease> take(ByteBudget budget, String caller, long bytes) {
        return budget.take(caller, bytes) ? Optional.of(new ByteLease(budget, caller, bytes)) : Optional.empty();
    }

    /** The call is over: it was answered, or its caller left. */
    public void over() {
        over = true;
        settle();
    }

    /** The bytes stay taken while this work goes on, even if the caller left. */
    public <T> Future<T> during(Future<T> work) {
        working = true;
        return work.onComplete(done -> {
            working = false;
            settle();
        });
    }

    /** Gives back all but so many of the bytes. */
    public void shrink(long needed) {
        long surplus = Math.max(0, bytes - needed);
        bytes -= surplus;
        budget.release(caller, surplus);
    }

    private void settle() {
        if (over && !working) {
            shrink(0);
        }
    }
}
