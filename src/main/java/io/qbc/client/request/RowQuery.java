package io.qbc.client.request;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which rows of a table are wanted.
 *
 * <pre>{@code
 * RowQuery.all().where("country", "CH").orderedBy("-total").withLimit(20);
 * }</pre>
 *
 * @param equal columns and what they must be
 * @param order a column, behind a hyphen for the largest first
 * @param after what {@code next} of the page before says
 * @param limit how many at most in one page; the node may give fewer
 */
public record RowQuery(
        Map<String, String> equal, Optional<String> order, Optional<String> after, OptionalInt limit, ReadSince since) {
    public RowQuery {
        equal = Map.copyOf(equal);
    }

    /** All of the table, in the order of its key. */
    public static RowQuery all() {
        return new RowQuery(Map.of(), Optional.empty(), Optional.empty(), OptionalInt.empty(), ReadSince.ANY);
    }

    /** Those whose column has this value. */
    public RowQuery where(String column, String value) {
        Map<String, String> more = new LinkedHashMap<>(equal);
        more.put(column, value);
        return new RowQuery(more, order, after, limit, since);
    }

    /** By a column, behind a hyphen for the largest first. */
    public RowQuery orderedBy(String column) {
        return new RowQuery(equal, Optional.of(column), after, limit, since);
    }

    public RowQuery withLimit(int most) {
        return new RowQuery(equal, order, after, OptionalInt.of(most), since);
    }

    /** The same list from where a page before ended. */
    public RowQuery goingOn(String next) {
        return new RowQuery(equal, order, Optional.of(next), limit, since);
    }

    /** When the tables have come so far. */
    public RowQuery since(ReadSince point) {
        return new RowQuery(equal, order, after, limit, point);
    }
}
