package io.qbc.projection.sql;

import io.qbc.projection.mapping.ColumnType;
import java.util.List;
import java.util.Optional;

/**
 * A table as it stands in the database.
 *
 * @param key the columns of its primary key, in order
 * @param mapped which table of the mapping it is; nothing for those that every projection has
 */
public record TableShape(String name, List<String> key, Optional<Integer> mapped, List<Column> columns) {
    public TableShape {
        key = List.copyOf(key);
        columns = List.copyOf(columns);
    }

    /** One column. */
    public record Column(String name, ColumnType type) {}

    /** Whether there is one row a key, which the newest transaction replaces. */
    public boolean keyed() {
        return key.equals(List.of("_key"));
    }

    public Optional<Column> column(String name) {
        return columns.stream().filter(column -> column.name().equals(name)).findFirst();
    }
}
