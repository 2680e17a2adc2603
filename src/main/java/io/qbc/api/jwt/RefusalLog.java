package io.qbc.api.jwt;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A log of why credentials were refused, which their senders are not told: one line in a while, however many come. */
final class RefusalLog {
    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long PAUSE_NANOS = Duration.ofSeconds(10).toNanos();

    private boolean told;
    private long toldAt;
    private long untold;

    /** Says why one was refused, or counts it for the next line. */
    synchronized void tell(String why, long nowNanos) {
        if (told && nowNanos - toldAt < PAUSE_NANOS) {
            untold++;
            return;
        }
        LOG.info("a token was refused: {}{}", why, untold == 0 ? "" : "; and " + untold + " since the last line");
        told = true;
        toldAt = nowNanos;
        untold = 0;
    }
}
