package io.qbc.projection.mapping;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;
import java.util.List;
import java.util.OptionalInt;

/**
 * What tables a projection makes of which chain, and where they are.
 *
 * @param version what its makers call this state of it, for people
 * @param chain the chain's name or id
 * @param head whether the tables follow the head, and are undone when the chain reorganises; otherwise what is final
 * @param depth how many quants below the head counts as final where the engine has no finality; nothing for the
 *     engine's usual depth
 * @param schema the schema of the tables
 * @param dead whether a transaction that does not fit is kept aside; otherwise the projection stops at it
 */
public record Mapping(
        int version,
        String chain,
        boolean head,
        OptionalInt depth,
        Target target,
        String schema,
        boolean dead,
        List<TableMapping> tables) {
    public Mapping {
        tables = List.copyOf(tables);
    }

    /** Reads the JSON text of a mapping; a {@link MappingException} says what is wrong and where. */
    public static Mapping read(String projection, Bytes json) {
        return new MappingReader(projection).read(json);
    }

    /** The JSON text with every default written out, the same for the same mapping. */
    public Bytes canonical() {
        return Bytes.utf8(MappingForm.whole(this));
    }

    /** The hash of {@link #canonical()}. */
    public Hash hash() {
        return hash(canonical());
    }

    /** The hash of all by which rows are made: tables of two hashes never mix. */
    public Hash rowsHash() {
        return hash(Bytes.utf8(MappingForm.rows(this)));
    }

    private static Hash hash(Bytes text) {
        return Sha256.of(text.array(), text.offset(), text.size());
    }
}
