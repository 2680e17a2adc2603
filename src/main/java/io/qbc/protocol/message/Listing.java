package io.qbc.protocol.message;

/** A chain as a node lists it: its head, and its name, which is not believed before its spec was read. */
public record Listing(Claim claim, String name) {}
