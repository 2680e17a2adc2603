package io.qbc.planted.strange;

import io.qbc.planted.model.UsesLedger;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesModel {
    private UsesModel() {}

    public static int answer() {
        return UsesLedger.answer();
    }
}
