package io.qbc.fuzz;

import java.util.Locale;

/** What Jazzer calls with each input; the system property {@code qbc.fuzz.target} says which target reads it. */
public final class FuzzEntry {
    private static final FuzzTarget TARGET =
            FuzzTarget.valueOf(System.getProperty("qbc.fuzz.target", "json").toUpperCase(Locale.ROOT));

    private FuzzEntry() {}

    public static void fuzzerTestOneInput(byte[] input) {
        TARGET.accept(input);
    }
}
