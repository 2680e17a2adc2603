package io.qbc.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** Lines that tell how far something is, one a second at most. */
public final class ProgressLines {
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long KIB_BYTES = 1024;

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

    /** How much of so many bytes is done; the total is left out while nobody knows it. */
    public static String line(String doing, long done, long bytes) {
        return doing + (bytes > 0 ? ": " + 100 * done / bytes + " % of " + size(bytes) : "");
    }

    /** A number of bytes as people read it. */
    public static String size(long bytes) {
        double value = bytes;
        String unit = "bytes";
        for (String next : new String[] {"KiB", "MiB", "GiB", "TiB"}) {
            if (value < KIB_BYTES) {
                break;
            }
            value /= KIB_BYTES;
            unit = next;
        }
        return unit.equals("bytes") ? bytes + " bytes" : String.format(Locale.ROOT, "%.1f %s", value, unit);
    }
}
