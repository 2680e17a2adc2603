package io.qbc.planted;

/** Stands for the wiring, which nothing may import. */
public final class Root {
    private Root() {}

    public static int answer() {
        return 1;
    }
}
