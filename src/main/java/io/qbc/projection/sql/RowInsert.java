package io.qbc.projection.sql;

import io.qbc.projection.sql.TableShape.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Puts many rows into a table at once. */
final class RowInsert {
    private RowInsert() {}

    static void all(
            Connection connection, Dialect dialect, TableStatements sql, TableShape shape, List<List<Object>> rows)
            throws SQLException {
        List<Column> columns = shape.columns();
        try (PreparedStatement statement = connection.prepareStatement(sql.insert())) {
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
