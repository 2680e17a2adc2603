package io.qbc.projection.query;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.qbc.model.Bytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/** Rows of a result as JSON: numbers exact, bytes as hexadecimal digits, times in UTC, JSON as it is stored. */
final class JsonCells {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonCells() {}

    /** The present row as an array. */
    static Bytes array(ResultSet row) throws SQLException {
        int columns = row.getMetaData().getColumnCount();
        return written(out -> {
            out.writeStartArray();
            for (int i = 1; i <= columns; i++) {
                write(row, i, out);
            }
            out.writeEndArray();
        });
    }

    /** The present row as an object with these names. */
    static Bytes object(ResultSet row, List<String> names) throws SQLException {
        return written(out -> {
            out.writeStartObject();
            for (int i = 0; i < names.size(); i++) {
                out.writeFieldName(names.get(i));
                write(row, i + 1, out);
            }
            out.writeEndObject();
        });
    }

    /** The name of a column's type, in lower case. */
    static String type(ResultSetMetaData columns, int i) throws SQLException {
        return columns.getColumnTypeName(i).toLowerCase(Locale.ROOT);
    }

    private interface Writing {
        void to(JsonGenerator out) throws IOException, SQLException;
    }

    private static Bytes written(Writing writing) throws SQLException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new IllegalStateException("memory does not fail", e);
        }
        return Bytes.wrap(bytes.toByteArray());
    }

    private static void write(ResultSet row, int i, JsonGenerator out) throws IOException, SQLException {
        String type = type(row.getMetaData(), i);
        if (type.equals("json") || type.equals("jsonb")) {
            String json = row.getString(i);
            if (json == null) {
                out.writeNull();
            } else {
                out.writeRawValue(json);
            }
            return;
        }
        int code = row.getMetaData().getColumnType(i);
        boolean zoned = code == Types.TIMESTAMP_WITH_TIMEZONE || type.equals("timestamptz");
        write(zoned ? row.getObject(i, OffsetDateTime.class) : row.getObject(i), row, i, out);
    }

    private static void write(Object value, ResultSet row, int i, JsonGenerator out) throws IOException, SQLException {
        if (value == null) {
            out.writeNull();
        } else if (value instanceof Long || value instanceof Integer || value instanceof Short) {
            out.writeNumber(((Number) value).longValue());
        } else if (value instanceof BigDecimal number) {
            out.writeNumber(number);
        } else if (value instanceof BigInteger number) {
            out.writeNumber(number);
        } else if (value instanceof Double || value instanceof Float) {
            decimal(((Number) value).doubleValue(), out);
        } else if (value instanceof Boolean flag) {
            out.writeBoolean(flag);
        } else if (value instanceof byte[] bytes) {
            out.writeString(HexFormat.of().formatHex(bytes));
        } else if (value instanceof OffsetDateTime time) {
            out.writeString(time.toInstant().toString());
        } else if (value instanceof Array array) {
            items((Object[]) array.getArray(), row, i, out);
        } else {
            out.writeString(value instanceof String text ? text : row.getString(i));
        }
    }

    private static void items(Object[] items, ResultSet row, int i, JsonGenerator out)
            throws IOException, SQLException {
        out.writeStartArray();
        for (Object item : items) {
            if (item == null || item instanceof Number || item instanceof Boolean || item instanceof byte[]) {
                write(item, row, i, out);
            } else {
                out.writeString(item.toString());
            }
        }
        out.writeEndArray();
    }

    /** What is no number in JSON is a text. */
    private static void decimal(double value, JsonGenerator out) throws IOException {
        if (Double.isFinite(value)) {
            out.writeNumber(value);
        } else {
            out.writeString(String.valueOf(value));
        }
    }
}
