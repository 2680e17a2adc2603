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

    /** The same with what to do about it, for who starts a node and did not get far enough to ask it. */
    public StoreException advised() {
        if (reason == Reason.CORRUPT && !getMessage().contains(StoreDamage.REMEDY)) {
            return corrupt(getMessage() + "; qbc verify tells of all that is damaged. " + StoreDamage.REMEDY);
        }
        return reason == Reason.STORE_FULL
                ? new StoreException(reason, getMessage() + "; make room on the disk of the data directory", this)
                : this;
    }

    /** What a caller is told. */
    public Refusal refusal() {
        return reason.refusal(getMessage());
    }
}
