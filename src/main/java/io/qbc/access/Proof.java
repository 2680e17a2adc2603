package io.qbc.access;

import java.util.Locale;

/** How a caller proved who it is. */
public enum Proof {
    /** It is on the node's own machine. */
    LOOPBACK,
    /** It showed an API key. */
    KEY,
    /** It showed a certificate. */
    CERTIFICATE,
    /** It showed a token of an identity provider. */
    TOKEN,
    /** Not at all. */
    NONE;

    /** The name that callers read. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
