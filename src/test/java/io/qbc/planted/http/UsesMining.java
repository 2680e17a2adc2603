package io.qbc.planted.http;

import io.qbc.planted.mining.UsesRoot;

/** Breaks a rule on purpose; ArchitectureTest must find it. */
public final class UsesMining {
    private UsesMining() {}

    public static int answer() {
        return UsesRoot.answer();
    }
}
