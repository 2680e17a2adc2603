package io.qbc.cli;

import java.io.PrintWriter;
import java.time.Duration;

/** Lines that tell how far something is, one a second at most. */
final class ProgressLines {
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final PrintWriter out;
    private long told = System.nanoTime();

    ProgressLines(PrintWriter out) {
        this.out = out;
    }

    void tell(String line) {
        long now = System.nanoTime();
        if (now - told >= PAUSE_NANOS) {
            told = now;
            out.println(line);
            out.flush();
        }
    }
}
