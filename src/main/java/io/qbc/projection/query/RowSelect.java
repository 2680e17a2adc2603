package io.qbc.projection.query;

import io.qbc.projection.sql.Dialect;
import io.qbc.projection.sql.TableShape;
import io.qbc.projection.sql.TableShape.Column;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A statement that selects a page of a table's rows: names come from the table's shape, values are parameters. */
final class RowSelect {
    private final TableShape table;
    private final List<String> conditions = new ArrayList<>();
    private final List<Object> parameters = new ArrayList<>();

    RowSelect(TableShape table) {
        this.table = table;
    }

    List<Object> parameters() {
        return parameters;
    }

    /** Adds the conditions that columns equal these texts. */
    void equal(Map<String, String> wanted) {
        wanted.forEach((name, text) -> {
            Column column = column(name);
            conditions.add(Dialect.quoted(name) + " = ?");
            parameters.add(ColumnValues.read(column, text));
        });
    }

    /** Goes on behind a place. */
    void after(RowCursor cursor) {
        List<Object> key = new ArrayList<>();
        if (cursor.key().size() != table.key().size()) {
            throw ColumnValues.invalid("after must be what next of a page of the same table says");
        }
        for (int i = 0; i < table.key().size(); i++) {
            key.add(ColumnValues.read(column(table.key().get(i)), cursor.key().get(i)));
        }
        String behind =
                "(" + names(table.key()) + ") > (" + String.join(", ", Collections.nCopies(key.size(), "?")) + ")";
        if (cursor.order().isEmpty()) {
            conditions.add(behind);
            parameters.addAll(key);
            return;
        }
        Column order = column(cursor.order());
        String name = Dialect.quoted(order.name());
        if (cursor.value().isEmpty()) {
            conditions.add(name + " IS NULL AND " + behind);
            parameters.addAll(key);
            return;
        }
        Object value = ColumnValues.read(order, cursor.value().get());
        String compared = name + (cursor.descending() ? " < ?" : " > ?");
        String nothing = mayBeNull(order) ? " OR " + name + " IS NULL" : "";
        conditions.add("(" + compared + " OR (" + name + " = ? AND " + behind + ")" + nothing + ")");
        parameters.add(value);
        parameters.add(value);
        parameters.addAll(key);
    }

    /** The statement; rows without a value come last. */
    String sql(String order, boolean descending, int rows) {
        String where = conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
        return "SELECT " + names(table.columns().stream().map(Column::name).toList())
                + " FROM " + Dialect.quoted(table.name()) + where + " ORDER BY " + order(order, descending)
                + " FETCH FIRST " + rows + " ROWS ONLY";
    }

    private String order(String by, boolean descending) {
        String key = names(table.key());
        if (by.isEmpty()) {
            return key;
        }
        Column column = column(by);
        String name = Dialect.quoted(column.name());
        String nulls = mayBeNull(column) ? "CASE WHEN " + name + " IS NULL THEN 1 ELSE 0 END, " : "";
        return nulls + name + (descending ? " DESC" : "") + ", " + key;
    }

    /** Where in the row what a cursor says. */
    List<Integer> keyPlaces() {
        return table.key().stream().map(this::place).toList();
    }

    int place(String name) {
        for (int i = 0; i < table.columns().size(); i++) {
            if (table.columns().get(i).name().equals(name)) {
                return i + 1;
            }
        }
        throw new IllegalArgumentException(name);
    }

    Column column(String name) {
        Optional<Column> found = table.column(name);
        return found.orElseThrow(() -> ColumnValues.invalid("the table " + table.name() + " has no column " + name
                + "; it has "
                + table.columns().stream().map(Column::name).collect(Collectors.joining(", "))));
    }

    /** What each row has of its transaction is there; what a mapping takes from payloads may not be. */
    private boolean mayBeNull(Column column) {
        boolean own = column.name().startsWith("_") && table.mapped().isPresent();
        return !own && !table.key().contains(column.name());
    }

    private static String names(List<String> names) {
        return names.stream().map(Dialect::quoted).collect(Collectors.joining(", "));
    }
}
