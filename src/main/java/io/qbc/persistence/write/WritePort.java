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

    /** Why nothing is taken at present that makes the store grow: a write has failed, or the disk is near full. */
    Optional<Refusal> refusal();

    /** Whether what makes the store grow is taken. */
    default boolean writable() {
        return refusal().isEmpty();
    }
}
