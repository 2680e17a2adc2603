package io.qbc.projection;

import io.qbc.follow.ChainReader.Bounds;
import io.qbc.follow.ChainReader.Horizon;
import io.qbc.follow.Extent;
import io.qbc.follow.Position;
import io.qbc.model.Hash;
import io.qbc.projection.sql.ChainBatch;
import java.util.Optional;

/** A chain as its projection reads it; blocks. A {@link io.qbc.bus.Failure} is thrown where the store refuses. */
interface ChainSource {
    /** The id of a chain of this node, by its name or its id. */
    Optional<Hash> chain(String name) throws InterruptedException;

    Horizon horizon(Hash chain, Extent extent) throws InterruptedException;

    /** What follows a position, up to a horizon. */
    Next next(Hash chain, Position from, Horizon limit, Bounds bounds) throws InterruptedException;

    /** Begins to read what follows a position, while the present thread does something else. */
    default Pending begin(Hash chain, Position from, Horizon limit, Bounds bounds) {
        return () -> next(chain, from, limit, bounds);
    }

    /** What is being read, of which the bytes are bounded as those of any other reading. */
    @FunctionalInterface
    interface Pending {
        /** Waits for it. */
        Next await() throws InterruptedException;
    }

    /** What came of reading on. */
    sealed interface Next {
        /** A part of the chain, empty at the horizon; {@code more} if it goes on at once. */
        record Batch(ChainBatch batch, boolean more) implements Next {}

        /** The position left the chain; this one is the last that is on it. */
        record Reverted(Position ancestor) implements Next {}
    }
}
