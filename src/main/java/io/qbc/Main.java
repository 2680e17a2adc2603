package io.qbc;

/** The entry of the jar. */
public final class Main {
    private Main() {}

    public static void main(String[] args) {}
}
