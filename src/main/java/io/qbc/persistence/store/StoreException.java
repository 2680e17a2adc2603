package io.qbc.persistence.store;

import io.qbc.model.Reason;
import io.qbc.model.Refusal;

/** The store cannot do its work: damaged data, a full or broken disk, or a directory that is not to be used. */
public final class StoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public StoreException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public StoreException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    private StoreException(String damage) {
        super(damage, null, false, false);
        this.reason = Reason.CORRUPT;
    }

    /** The fault of a file and not of the code that met it, so that no stack trace is told. */
    public static StoreException corrupt(String what) {
        return new StoreException(what);
    }

    /** What a caller is told. */
    public Refusal refusal() {
        return reason.refusal(getMessage());
    }
}
