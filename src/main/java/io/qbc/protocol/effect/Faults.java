package io.qbc.protocol.effect;

import io.qbc.model.Reason;

/** A classification of refusals: the peer's fault, or this node's. */
public final class Faults {
    private Faults() {}

    /** Whether a quant was refused for a reason that says nothing about who sent it. */
    public static boolean own(Reason reason) {
        return switch (reason) {
            case POOL_FULL, BUSY, STORE_READ_ONLY, STORE_FULL, CORRUPT, TIMED_OUT, STOPPING, INTERNAL -> true;
            default -> false;
        };
    }
}
