package io.qbc.planted.config;

import io.qbc.planted.bus.UsesLedger;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesBus {
    private UsesBus() {}

    public static int answer() {
        return UsesLedger.answer();
    }
}
