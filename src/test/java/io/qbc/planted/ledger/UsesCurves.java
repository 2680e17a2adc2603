package io.qbc.planted.ledger;

import org.bouncycastle.math.ec.rfc8032.Ed25519;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesCurves {
    private UsesCurves() {}

    public static Class<?> answer() {
        return Ed25519.class;
    }
}
