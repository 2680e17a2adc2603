package io.qbc.planted.mining;

import io.qbc.planted.Root;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesRoot {
    private UsesRoot() {}

    public static int answer() {
        return Root.answer();
    }
}
