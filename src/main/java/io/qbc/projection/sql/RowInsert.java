package io.qbc.projection.sql;

import io.qbc.projection.sql.TableShape.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Puts many rows into a table at once. */
final class RowInsert {
    private RowInsert() {}

    /** The same for a table of this shape whose name, in quotes, is another one. */
    static void into(Connection connection, Dialect dialect, String table, TableShape shape, List<List<Object>> rows)
            throws SQLException {
        if (rows.isEmpty()) {
            return;
        }
        List<Column> columns = shape.columns();
        try (PreparedStatement statement = connection.prepareStatement(TableStatements.insert(dialect, table, shape))) {
            for (List<Object> row : rows) {
                for (int i = 0; i < columns.size(); i++) {
                    RowValues.set(statement, i + 1, dialect, columns.get(i).type(), row.get(i));
                }
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
