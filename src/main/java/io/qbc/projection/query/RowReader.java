package io.qbc.projection.query;

import io.qbc.bus.Catalogue.FindHistory;
import io.qbc.bus.Catalogue.FindRows;
import io.qbc.bus.Catalogue.Rows;
import io.qbc.bus.Failure;
import io.qbc.model.Bytes;
import io.qbc.model.Reason;
import io.qbc.projection.sql.TableShape;
import io.qbc.projection.sql.TableShape.Column;
import io.qbc.projection.sql.TablesView;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Reads rows of tables as JSON objects, a page at a time. */
final class RowReader {
    private final GuardedReader reader;

    RowReader(GuardedReader reader) {
        this.reader = reader;
    }

    /** A page of rows. */
    Rows rows(TablesView view, FindRows ask) throws SQLException {
        TableShape table = table(view, ask.table());
        RowSelect select = new RowSelect(table);
        select.equal(ask.equal());
        if (!ask.after().isEmpty()) {
            RowCursor cursor = RowCursor.parse(ask.after());
            if (!cursor.order().equals(ask.order()) || cursor.descending() != ask.descending()) {
                throw ColumnValues.invalid("after is of a page in another order");
            }
            select.after(cursor);
        }
        int most = Math.min(ask.limit(), reader.limits().rows());
        String sql = select.sql(ask.order(), ask.descending(), most + 1);
        List<Bytes> rows = new ArrayList<>();
        List<RowCursor> last = new ArrayList<>();
        List<String> names = table.columns().stream().map(Column::name).toList();
        boolean more = reader.read(
                view,
                sql,
                select.parameters(),
                most,
                result -> reader.rows(result, most, rows, row -> {
                    Bytes json = JsonCells.object(row, names);
                    last.add(cursor(row, table, select, ask));
                    if (last.size() > 2) {
                        last.remove(0);
                    }
                    return json;
                }));
        // The row that was one too many for the bytes of an answer left its place too.
        int place = last.size() - 1 - (more && rows.size() < most ? 1 : 0);
        Optional<String> next = more ? Optional.of(last.get(place).text()) : Optional.empty();
        return new Rows(rows, next, view.leaf());
    }

    /** The present row of a key. */
    Rows one(TablesView view, FindHistory ask) throws SQLException {
        TableShape table = table(view, ask.table());
        RowSelect select = new RowSelect(table);
        select.equal(key(table, ask.key()));
        List<Bytes> rows = new ArrayList<>();
        List<String> names = table.columns().stream().map(Column::name).toList();
        reader.read(
                view,
                select.sql("", false, 1),
                select.parameters(),
                1,
                result -> reader.rows(result, 1, rows, row -> JsonCells.object(row, names)));
        if (rows.isEmpty()) {
            throw new Failure(Reason.ROW_UNKNOWN, "the table " + table.name() + " has no row of this key");
        }
        return new Rows(rows, Optional.empty(), view.leaf());
    }

    static TableShape table(TablesView view, String name) {
        return view.table(name)
                .orElseThrow(() -> new Failure(
                        Reason.TABLE_UNKNOWN,
                        "there is no table " + name + "; there are "
                                + view.tables().stream().map(TableShape::name).collect(Collectors.joining(", "))));
    }

    /** A key of one column as it is, one of two with a hyphen between. */
    private static Map<String, String> key(TableShape table, String text) {
        Map<String, String> key = new LinkedHashMap<>();
        if (table.key().size() == 1) {
            key.put(table.key().get(0), text);
            return key;
        }
        String[] parts = text.split("-", -1);
        if (parts.length != table.key().size()) {
            throw ColumnValues.invalid("a row of the table " + table.name() + " is named "
                    + String.join("-", table.key()) + ", like 17-0");
        }
        for (int i = 0; i < parts.length; i++) {
            key.put(table.key().get(i), parts[i]);
        }
        return key;
    }

    private static RowCursor cursor(ResultSet row, TableShape table, RowSelect select, FindRows ask)
            throws SQLException {
        List<String> key = new ArrayList<>();
        for (int place : select.keyPlaces()) {
            key.add(ColumnValues.text(row, table.columns().get(place - 1), place)
                    .orElse(""));
        }
        Optional<String> value = ask.order().isEmpty()
                ? Optional.empty()
                : ColumnValues.text(row, select.column(ask.order()), select.place(ask.order()));
        return new RowCursor(ask.order(), ask.descending(), value, key);
    }
}
