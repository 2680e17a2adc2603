package io.qbc.http.server;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A watch over what waits for a reader: one that takes nothing for a while, or too little, is cut off. */
public final class ReaderWatch implements Deadlines.Timed {
    private static final Logger LOG = LoggerFactory.getLogger(ReaderWatch.class);
    /** A reader that has not taken a piece by then is slow, and not worth that memory is held to be quick. */
    private static final Duration PROMPT = Duration.ofMillis(150);

    private final Exchange exchange;
    private final CallerConnection caller;
    private final Runnable slow;
    private long since;
    private long movedAt;
    private long taken;
    private long unsent;
    private boolean watching;
    private boolean told;

    /** @param slow runs once for what the reader does not take promptly */
    public ReaderWatch(Exchange exchange, Runnable slow) {
        this.exchange = exchange;
        this.caller = exchange.connection();
        this.slow = slow;
        exchange.whenTaken(this::took);
    }

    /** Something waits; to be told while something does already changes nothing. */
    public void begin() {
        if (!watching) {
            watching = true;
            told = false;
            since = System.nanoTime();
            movedAt = since;
            taken = 0;
            unsent = caller.unsent();
            caller.deadlines().watch(this);
        }
    }

    /** The system took all of one write. */
    public void took() {
        look(System.nanoTime());
        movedAt = System.nanoTime();
    }

    /** The caller took so many bytes of what waits. */
    private void took(int bytes) {
        taken += bytes;
        movedAt = System.nanoTime();
    }

    /** Nothing waits any more. */
    public void end() {
        watching = false;
        caller.deadlines().forget(this);
    }

    @Override
    public void expire(long now) {
        look(now);
        Duration stall = caller.pace().stall();
        if (Deadlines.passed(movedAt, stall, now) || caller.pace().tooSlow(taken, now - since, stall)) {
            end();
            caller.stalled().increment();
            LOG.debug("{} does not read", exchange.request().remoteAddress());
            exchange.cut();
        } else if (!told && Deadlines.passed(since, PROMPT, now)) {
            told = true;
            slow.run();
        }
    }

    private void look(long now) {
        if (exchange.isMultiplexed()) {
            // What the system has not taken yet is of all that share the connection.
            return;
        }
        long left = caller.unsent();
        if (left < unsent) {
            taken += unsent - left;
            movedAt = now;
        }
        unsent = left;
    }
}
