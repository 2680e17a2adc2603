package io.qbc.gossip;

/** A chain as a node lists it: its head, and its name, which is not believed before its spec was read. */
record Listing(Claim claim, String name) {}
