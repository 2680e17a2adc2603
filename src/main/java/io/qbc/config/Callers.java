package io.qbc.config;

import java.util.Arrays;
import java.util.Locale;

/** Whose requests something is done for: those of all callers, of those who proved themselves, or of none. */
public enum Callers {
    ALL,
    PROVED,
    NONE;

    static Callers of(String key, String text) {
        return Arrays.stream(values())
                .filter(callers -> callers.name().toLowerCase(Locale.ROOT).equals(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException(key + " must be all, proved or none but is '" + text + "'"));
    }
}
