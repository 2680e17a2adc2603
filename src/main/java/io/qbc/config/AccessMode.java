package io.qbc.config;

import java.util.Arrays;
import java.util.Locale;

/** Which callers a node serves. */
public enum AccessMode {
    /** Those of its own machine, without a credential. */
    LOOPBACK,
    /** Those that show a credential. */
    REQUIRED,
    /** All. */
    OPEN;

    static AccessMode of(String key, String text) {
        return Arrays.stream(values())
                .filter(mode -> mode.word().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new ConfigException(key + " must be loopback, required or open but is '" + text + "'"));
    }

    /** The name that people write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
