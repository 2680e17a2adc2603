package io.qbc.projection.sql;

import io.qbc.follow.Position;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.projection.mapping.Mapping;

/**
 * How far one set of tables is, as its database has it.
 *
 * @param name the schema of the projection
 * @param generation which set of its tables
 * @param live whether this set is the one that is read
 * @param undoAbove above which height every change can be undone
 * @param mapping the canonical JSON of the mapping by which the rows were made
 */
public record Progress(
        String name,
        long generation,
        boolean live,
        int version,
        Hash chain,
        Position position,
        long undoAbove,
        Hash rowsHash,
        Bytes mapping) {

    Progress at(Position next, long above) {
        return new Progress(name, generation, live, version, chain, next, above, rowsHash, mapping);
    }

    Progress live(boolean now) {
        return new Progress(name, generation, now, version, chain, position, undoAbove, rowsHash, mapping);
    }

    /** With another mapping that makes the same rows. */
    Progress by(Mapping other) {
        return new Progress(
                name, generation, live, other.version(), chain, position, undoAbove, rowsHash, other.canonical());
    }
}
