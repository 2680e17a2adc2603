package io.qbc.planted.ledger;

import io.qbc.planted.model.UsesLedger;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class Facts {
    private Facts() {}

    public static int answer() {
        return 1;
    }

    static Class<?> back() {
        return UsesLedger.class;
    }
}
