package io.qbc.bus;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/** A refusal as the cause of a failed future: how an ask comes back that is not granted. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient Refusal refusal;

    public Failure(Refusal refusal) {
        super(refusal.reason().code() + ": " + refusal.detail(), null, false, false);
        this.refusal = refusal;
    }

    public Failure(Reason reason, String detail) {
        this(reason.refusal(detail));
    }

    public Refusal refusal() {
        return refusal;
    }

    /** The refusal inside a failed future's cause; anything unexpected is a fault of this node. */
    public static Refusal of(Throwable cause) {
        FatalError.raise(cause);
        return cause instanceof Failure failure ? failure.refusal() : Reason.INTERNAL.refusal(cause.toString());
    }
}
