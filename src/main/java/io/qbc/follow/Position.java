package io.qbc.follow;

import io.qbc.model.Hash;

/**
 * How far a reader is in a chain.
 *
 * @param leaf the leaf index of the next transaction
 * @param height of the last quant of which something was read, or all that it holds; -1 before the first one
 * @param quant the hash of that quant, by which a reorganisation is noticed
 */
public record Position(long leaf, long height, Hash quant) {
    /** Before everything. */
    public static final Position BEGINNING = new Position(0, -1, Hash.ZERO);

    public boolean isBeginning() {
        return height < 0;
    }
}
