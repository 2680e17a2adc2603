package io.qbc.config;

import java.util.Arrays;
import java.util.Locale;

/** Whether callers are asked for a certificate of theirs. */
public enum CertificateDemand {
    /** They are not asked. */
    NONE,
    /** They may show one. */
    REQUEST,
    /** They are not served without one. */
    REQUIRED;

    static CertificateDemand of(String key, String text) {
        return Arrays.stream(values())
                .filter(demand -> demand.word().equals(text))
                .findFirst()
                .orElseThrow(
                        () -> new ConfigException(key + " must be none, request or required but is '" + text + "'"));
    }

    /** The name that people write. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
