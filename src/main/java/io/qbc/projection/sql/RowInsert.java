package io.qbc.projection.sql;

import io.qbc.projection.sql.TableShape.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Puts many rows into a table at once, in the database transaction that its connection is in. */
final class RowInsert {
    /** From so many rows on COPY costs less than INSERT, which has fewer messages between client and server. */
    private static final int COPY_ROWS_MIN = 20;

    private static final int COPY_PIECE_BYTES = 64 << 10;

    private RowInsert() {}

    /** The same for a table of this shape whose name, in quotes, is another one. */
    static void into(Connection connection, Dialect dialect, String table, TableShape shape, List<List<Object>> rows)
            throws SQLException {
        if (dialect == Dialect.POSTGRESQL && rows.size() >= COPY_ROWS_MIN) {
            copy(connection, table, shape, rows);
        } else if (!rows.isEmpty()) {
            insert(connection, dialect, table, shape, rows);
        }
    }

    private static void insert(
            Connection connection, Dialect dialect, String table, TableShape shape, List<List<Object>> rows)
            throws SQLException {
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

    /** A COPY that ends early leaves its database transaction failed: nothing of it can be committed. */
    private static void copy(Connection connection, String table, TableShape shape, List<List<Object>> rows)
            throws SQLException {
        CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(TableStatements.copy(table, shape));
        try {
            CopyText text = new CopyText();
            for (List<Object> row : rows) {
                text.add(row);
                if (text.size() >= COPY_PIECE_BYTES) {
                    send(copy, text.take());
                }
            }
            send(copy, text.take());
            long taken = copy.endCopy();
            if (taken != rows.size()) {
                throw new SQLException("the database took " + taken + " rows of " + rows.size());
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
    }

    private static void send(CopyIn copy, byte[] piece) throws SQLException {
        copy.writeToCopy(piece, 0, piece.length);
    }
}
