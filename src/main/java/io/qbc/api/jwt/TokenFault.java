package io.qbc.api.jwt;

import java.util.Locale;

/** What is wrong with a token; its sender is not told which it is. */
public enum TokenFault {
    /** It is no signed token in the compact form. */
    MALFORMED,
    /** It is a token for something else, or one that says that more must be understood than is. */
    TYPE,
    /** It is signed by an algorithm that does not count here, or not at all. */
    ALGORITHM,
    /** Somebody else made it. */
    ISSUER,
    /** It is for somebody else. */
    AUDIENCE,
    /** It has ended. */
    EXPIRED,
    /** It has not begun. */
    EARLY,
    /** It does not say whose it is. */
    NAME,
    /** It has no role here. */
    ROLES,
    /** The issuer has no such key. */
    KEY,
    /** Its signature is not by that key. */
    SIGNATURE;

    /** The name in logs and metrics. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
