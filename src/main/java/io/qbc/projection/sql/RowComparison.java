package io.qbc.projection.sql;

import io.qbc.projection.mapping.ColumnType;
import io.qbc.projection.mapping.JsonNormal;
import io.qbc.projection.sql.TableShape.Column;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of a database beside rows as the chain makes them. */
final class RowComparison {
    private RowComparison() {}

    /** The columns in which a row differs from what it should be. */
    static List<String> differences(Dialect dialect, TableShape shape, ResultSet row, List<Object> expected)
            throws SQLException {
        List<String> different = new ArrayList<>();
        for (int i = 0; i < shape.columns().size(); i++) {
            Column column = shape.columns().get(i);
            Object found = read(row, i + 1, column.type());
            if (!same(dialect, column.type(), found, expected.get(i))) {
                different.add(column.name());
            }
        }
        return different;
    }

    private static Object read(ResultSet row, int at, ColumnType type) throws SQLException {
        return switch (type) {
            case TEXT, JSON, JSONB -> row.getString(at);
            case BIGINT -> {
                long value = row.getLong(at);
                yield row.wasNull() ? null : value;
            }
            case NUMERIC -> row.getBigDecimal(at);
            case BOOLEAN -> {
                boolean value = row.getBoolean(at);
                yield row.wasNull() ? null : value;
            }
            case TIMESTAMPTZ -> row.getObject(at, OffsetDateTime.class);
            case BYTEA -> row.getBytes(at);
        };
    }

    private static boolean same(Dialect dialect, ColumnType type, Object found, Object expected) {
        if (found == null || expected == null) {
            return found == expected;
        }
        return switch (type) {
            case TEXT, BIGINT, BOOLEAN -> found.equals(expected);
            case NUMERIC -> ((BigDecimal) found).compareTo((BigDecimal) expected) == 0;
            case TIMESTAMPTZ -> ((OffsetDateTime) found).toInstant().equals(((OffsetDateTime) expected).toInstant());
            case BYTEA -> Arrays.equals((byte[]) found, (byte[]) expected);
            case JSON ->
                found.equals(expected)
                        || (dialect == Dialect.H2
                                && JsonNormal.of((String) found).equals(JsonNormal.of((String) expected)));
            case JSONB ->
                found.equals(expected) || JsonNormal.of((String) found).equals(JsonNormal.of((String) expected));
        };
    }
}
