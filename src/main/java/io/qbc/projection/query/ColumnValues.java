package io.qbc.projection.query;

import io.qbc.bus.Failure;
import io.qbc.model.Reason;
import io.qbc.projection.sql.TableShape.Column;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.Optional;

/** Values of columns as texts, in addresses and cursors, and as what a database takes. */
final class ColumnValues {
    private static final int NUMBER_CHARS_MAX = 100;

    private ColumnValues() {}

    static Object read(Column column, String text) {
        try {
            return switch (column.type()) {
                case TEXT -> text;
                case BIGINT -> Long.parseLong(text);
                case NUMERIC -> number(column, text);
                case BOOLEAN -> flag(column, text);
                case TIMESTAMPTZ -> OffsetDateTime.parse(text);
                case BYTEA -> HexFormat.of().parseHex(text);
                case JSON, JSONB -> throw invalid("rows are not chosen by " + column.name() + ", which is JSON");
            };
        } catch (DateTimeException | IllegalArgumentException e) {
            throw wrong(column);
        }
    }

    /** As {@link #read} reads it; nothing for null. */
    static Optional<String> text(ResultSet row, Column column, int i) throws SQLException {
        return switch (column.type()) {
            case TIMESTAMPTZ ->
                Optional.ofNullable(row.getObject(i, OffsetDateTime.class)).map(OffsetDateTime::toString);
            case BYTEA -> Optional.ofNullable(row.getBytes(i)).map(HexFormat.of()::formatHex);
            case NUMERIC -> Optional.ofNullable(row.getBigDecimal(i)).map(BigDecimal::toString);
            case BOOLEAN ->
                Optional.of(row.getBoolean(i)).filter(flag -> !wasNull(row)).map(String::valueOf);
            default -> Optional.ofNullable(row.getString(i));
        };
    }

    private static boolean wasNull(ResultSet row) {
        try {
            return row.wasNull();
        } catch (SQLException e) {
            throw new IllegalStateException("a row that was read is open", e);
        }
    }

    private static BigDecimal number(Column column, String text) {
        if (text.length() > NUMBER_CHARS_MAX) {
            throw wrong(column);
        }
        return new BigDecimal(text);
    }

    private static boolean flag(Column column, String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw wrong(column);
        }
        return text.equals("true");
    }

    private static Failure wrong(Column column) {
        return invalid("the column " + column.name() + " is compared with a value of the type "
                + column.type().label());
    }

    static Failure invalid(String detail) {
        return new Failure(Reason.REQUEST_INVALID, detail);
    }
}
