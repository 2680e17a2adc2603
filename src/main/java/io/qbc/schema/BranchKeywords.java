package io.qbc.schema;

import java.util.List;
import java.util.Optional;

/** The keywords whose schemas judge the same value. */
final class BranchKeywords {
    private BranchKeywords() {}

    static Keyword reference(Schema schema) {
        return (run, value, place, evaluated) -> run.also(schema, value, place, evaluated);
    }

    /**
     * {@code $dynamicRef} to a dynamic anchor.
     *
     * @param name the number of the anchor's name
     * @param otherwise the schema that was named, if nothing around has the name
     */
    static Keyword dynamicReference(int name, Schema otherwise) {
        return (run, value, place, evaluated) -> run.dynamic(name, otherwise, value, place, evaluated);
    }

    static Keyword all(List<Schema> schemas) {
        return (run, value, place, evaluated) -> {
            boolean fit = true;
            for (Schema schema : schemas) {
                fit &= run.also(schema, value, place, evaluated);
            }
            return fit;
        };
    }

    static Keyword any(List<Schema> schemas) {
        return (run, value, place, evaluated) -> run.any(schemas, value, place, evaluated) > 0;
    }

    static Keyword one(List<Schema> schemas) {
        return (run, value, place, evaluated) -> {
            int fitting = run.any(schemas, value, place, evaluated);
            return fitting == 1
                    || (fitting > 1 && run.fail(place, "fits " + fitting + " schemas of which it must fit one"));
        };
    }

    static Keyword not(Schema schema) {
        return (run, value, place, evaluated) ->
                !run.silently(schema, value, place, Evaluated.NONE) || run.fail(place, "must not be as it is");
    }

    static Keyword when(Schema condition, Optional<Schema> then, Optional<Schema> otherwise) {
        return (run, value, place, evaluated) -> {
            Optional<Schema> branch = run.silently(condition, value, place, evaluated) ? then : otherwise;
            return branch.map(schema -> run.also(schema, value, place, evaluated))
                    .orElse(true);
        };
    }
}
