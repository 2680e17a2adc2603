package io.qbc.model;

/**
 * Neighbouring entries of this node's transaction log.
 *
 * @param from the first entry's sequence number, local to this node and chain
 * @param count how many, at least 1
 */
public record LogRange(long from, int count) {
    /** The sequence number after the last entry. */
    public long end() {
        return from + count;
    }
}
