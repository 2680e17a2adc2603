package io.qbc.access;

/** Whether two texts, each a name or an id, mean one chain that is here. */
@FunctionalInterface
public interface SameChain {
    boolean same(String granted, String asked);
}
