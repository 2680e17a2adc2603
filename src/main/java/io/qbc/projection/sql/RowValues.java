package io.qbc.projection.sql;

import io.qbc.projection.mapping.ColumnType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;

/** Values of columns as parameters of statements. */
final class RowValues {
    private RowValues() {}

    static void set(PreparedStatement statement, int at, Dialect dialect, ColumnType type, Object value)
            throws SQLException {
        if (value == null) {
            statement.setNull(at, nullType(dialect, type));
            return;
        }
        switch (type) {
            case TEXT -> statement.setString(at, (String) value);
            case BIGINT -> statement.setLong(at, (Long) value);
            case NUMERIC -> statement.setBigDecimal(at, (BigDecimal) value);
            case BOOLEAN -> statement.setBoolean(at, (Boolean) value);
            case TIMESTAMPTZ -> statement.setObject(at, value);
            case BYTEA -> statement.setBytes(at, (byte[]) value);
            case JSON, JSONB -> {
                if (dialect == Dialect.H2) {
                    statement.setBytes(at, ((String) value).getBytes(StandardCharsets.UTF_8));
                } else {
                    statement.setString(at, (String) value);
                }
            }
        }
    }

    private static int nullType(Dialect dialect, ColumnType type) {
        return switch (type) {
            case TEXT -> Types.VARCHAR;
            case BIGINT -> Types.BIGINT;
            case NUMERIC -> Types.NUMERIC;
            case BOOLEAN -> Types.BOOLEAN;
            case TIMESTAMPTZ -> Types.TIMESTAMP_WITH_TIMEZONE;
            case BYTEA -> dialect == Dialect.H2 ? Types.VARBINARY : Types.BINARY;
            case JSON, JSONB -> dialect == Dialect.H2 ? Types.VARBINARY : Types.VARCHAR;
        };
    }
}
