package io.qbc.api.limits;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;

/** The body of a message of the event bus, or of a caller of one of its bridges, while it is under way. */
public final class MessageBody {
    /** What a body may have without being counted. */
    private static final int UNCOUNTED_BYTES = 4096;

    private MessageBody() {}

    /** Holds a body of so many bytes, and gives how many are to be released; fails where there is no room. */
    public static long hold(ByteBudget bodies, long size) {
        long counted = size > UNCOUNTED_BYTES ? size : 0;
        if (counted > bodies.most()) {
            throw new Failure(Reason.BODY_TOO_LARGE, "up to " + bodies.most() + " bytes are taken");
        }
        if (!bodies.take(counted)) {
            throw new Failure(Reason.BUSY, "too many bytes of bodies are under way");
        }
        return counted;
    }
}
