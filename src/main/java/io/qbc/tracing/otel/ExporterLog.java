package io.qbc.tracing.otel;

import java.util.logging.Level;
import java.util.logging.Logger;

/** The log lines of the library's exporter, which would stand beside the node's own for the same. */
public final class ExporterLog {
    /** Held, since the JDK forgets the level of a logger that nobody holds. */
    private static final Logger EXPORTER = Logger.getLogger("io.opentelemetry.exporter");

    private ExporterLog() {}

    /** Switches them off in a process that is the node's alone. */
    public static void silence() {
        EXPORTER.setLevel(Level.OFF);
    }
}
