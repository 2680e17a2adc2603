package io.qbc.fuzz;

import java.util.Locale;

/** What Jazzer calls with each input; the system property {@code qbc.fuzz.target} says which target reads it. */
public final class FuzzEntry {
    private static final FuzzTarget TARGET =
            FuzzTarget.valueOf(System.getProperty("qbc.fuzz.target", "json").toUpperCase(Locale.ROOT));

    private FuzzEntry() {}

    /** Loads what the target needs, so that no input is blamed for the time that takes on a busy machine. */
    public static void fuzzerInitialize() {
        TARGET.accept(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] input) {
        TARGET.accept(input);
    }
}
