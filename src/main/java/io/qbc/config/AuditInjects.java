package io.qbc.config;

import java.util.Arrays;
import java.util.Locale;

/** What the audit trail has of injects, of which there may be more than of all else. */
public enum AuditInjects {
    /** Nothing. */
    NONE,
    /** How many there were of each caller, chain and outcome, from time to time. */
    COUNTED,
    /** An entry for each request. */
    EACH;

    static AuditInjects of(String key, String text) {
        return Arrays.stream(values())
                .filter(injects -> injects.word().equals(text))
                .findFirst()
                .orElseThrow(() -> new ConfigException(key + " must be none, counted or each but is '" + text + "'"));
    }

    /** The name that people write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
