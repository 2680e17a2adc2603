package io.qbc.schema;

import io.qbc.json.JsonValue;
import java.util.List;
import java.util.Optional;

/** The keywords about an array's items. */
final class ItemKeywords {
    private ItemKeywords() {}

    /** {@code prefixItems}, and {@code items} for those after them. */
    static Keyword items(List<Schema> first, Optional<Schema> rest) {
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Items array)) {
                return true;
            }
            boolean fit = true;
            int count = rest.isPresent()
                    ? array.items().size()
                    : Math.min(first.size(), array.items().size());
            for (int i = 0; i < count; i++) {
                Schema schema = i < first.size() ? first.get(i) : rest.orElseThrow();
                evaluated.mark(i);
                fit &= run.item(schema, array.items().get(i), place, i);
            }
            return fit;
        };
    }

    /** {@code contains} with {@code minContains} and {@code maxContains}. */
    static Keyword contains(Schema schema, int least, int most) {
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Items array)) {
                return true;
            }
            int found = 0;
            for (int i = 0; i < array.items().size(); i++) {
                if (run.itemFits(schema, array.items().get(i), place, i)) {
                    evaluated.mark(i);
                    found++;
                }
            }
            return (found >= least && found <= most)
                    || run.fail(place, "has " + found + " items of the kind that contains asks for");
        };
    }

    static Keyword unevaluated(Schema schema) {
        return (run, value, place, evaluated) -> {
            boolean fit = true;
            if (value instanceof JsonValue.Items array) {
                run.spend(array.items().size());
                for (int i = 0; i < array.items().size(); i++) {
                    if (!evaluated.has(i)) {
                        evaluated.mark(i);
                        fit &= run.item(schema, array.items().get(i), place, i);
                    }
                }
            }
            return fit;
        };
    }
}
