package io.qbc.config;

import java.time.Duration;

/** Checks of configuration values; a failure names the key. */
final class Require {
    private Require() {}

    static void range(String key, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ConfigException(key + " must be " + least + " to " + most + " but is " + value);
        }
    }

    static void positive(String key, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new ConfigException(key + " must be longer than 0 but is " + value.toMillis() + " ms");
        }
    }

    static void text(String key, String value) {
        if (value.isBlank()) {
            throw new ConfigException(key + " must not be empty");
        }
    }
}
