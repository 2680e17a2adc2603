package io.qbc.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What names of dynamic anchors mean: in one schema resource, or in a dynamic scope, where the outermost resource with
 * the name counts. Names are numbered over the whole document, below {@link #NAMES_MAX}.
 */
final class DynamicAnchors {
    /** So few that entering a resource has a bound of its own and no step of the budget. */
    static final int NAMES_MAX = 64;

    static final DynamicAnchors NONE = new DynamicAnchors(0, new Schema[0]);

    /** The numbers of the names, each a bit. */
    private final long names;

    private final Schema[] schemas;

    private DynamicAnchors(long names, Schema[] schemas) {
        this.names = names;
        this.schemas = schemas;
    }

    static DynamicAnchors of(Map<Integer, Schema> byNumber) {
        if (byNumber.isEmpty()) {
            return NONE;
        }
        long names = 0;
        Schema[] schemas = new Schema[NAMES_MAX];
        for (var each : new LinkedHashMap<>(byNumber).entrySet()) {
            names |= 1L << each.getKey();
            schemas[each.getKey()] = each.getValue();
        }
        return new DynamicAnchors(names, schemas);
    }

    /** The scope inside a resource that is entered from this one. */
    DynamicAnchors enter(DynamicAnchors resource) {
        long more = resource.names & ~names;
        if (more == 0) {
            return this;
        }
        if (names == 0) {
            return resource;
        }
        Schema[] both = schemas.clone();
        for (long left = more; left != 0; left &= left - 1) {
            int number = Long.numberOfTrailingZeros(left);
            both[number] = resource.schemas[number];
        }
        return new DynamicAnchors(names | more, both);
    }

    /** The schema that a name means here, or another one if it means nothing. */
    Schema named(int number, Schema otherwise) {
        return (names >>> number & 1) == 1 ? schemas[number] : otherwise;
    }
}
