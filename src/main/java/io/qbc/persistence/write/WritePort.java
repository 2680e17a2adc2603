package io.qbc.persistence.write;

import io.qbc.model.Refusal;
import java.util.Optional;

/** Where changes are handed in that are to be made durable. */
public interface WritePort {
    /**
     * Takes a write, however much waits: for callers that bound by themselves what they have under way, commits to some
     * quants, all others to one change. Says why not if it is not taken; then nobody else is told.
     */
    Optional<Refusal> push(Write write);

    /** Whether writes are taken at all, which ends with the first that failed. */
    boolean writable();
}
