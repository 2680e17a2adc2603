package io.qbc.planted.bus;

import io.qbc.planted.ledger.Facts;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesLedger {
    private UsesLedger() {}

    public static int answer() {
        return Facts.answer();
    }
}
