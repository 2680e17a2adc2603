package io.qbc.follow;

import java.util.List;

/** What came of reading a chain on from a position. */
public sealed interface Reading {
    /**
     * What follows the position; none is no error and not the end of anything.
     *
     * @param next where to read on, which may be further on without any leaf
     * @param end the leaf index up to which could be read now
     * @param more whether there is more to read at once
     */
    record Leaves(List<Leaf> leaves, Position next, long end, boolean more) implements Reading {
        public Leaves {
            leaves = List.copyOf(leaves);
        }
    }

    /**
     * The position is no longer on the chain.
     *
     * @param ancestor the last position that the chain has in common with what was read; its leaf is the first one that
     *     was undone, or the position's own where only quants without transactions left
     */
    record Reverted(Position ancestor) implements Reading {}
}
