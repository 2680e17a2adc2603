package io.qbc.projection.mapping;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Values of payloads as values of columns: {@link String} for text and JSON, {@link Long}, {@link BigDecimal}, {@link
 * Boolean}, {@link OffsetDateTime} in UTC, {@code byte[]}. What fits fits both databases.
 */
final class ColumnReader {
    /** H2 has no longer texts; PostgreSQL has, and what it has is to be the same. */
    static final int TEXT_CHARS_MAX = 1_000_000;

    private static final int NUMERIC_EXPONENT_MAX = 1000;
    private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?");
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    private ColumnReader() {}

    /** Why a value does not fit a column. */
    private static final class Unfit extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unfit(String reason) {
            super(reason, null, false, false);
        }
    }

    /** Why a default of a mapping does not fit its column, if so. */
    static Optional<String> misfit(ColumnMapping column, Object otherwise) {
        try {
            value(column, value(otherwise));
            return Optional.empty();
        } catch (Unfit e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private static JsonValue value(Object scalar) {
        return JsonValue.read(Bytes.utf8(JsonTree.write(scalar)));
    }

    /**
     * The value of a column.
     *
     * @param found what the payload has there, nothing if it has nothing
     * @return null for no value
     */
    static Object read(String table, ColumnMapping column, Optional<JsonValue> found) throws MisfitException {
        Optional<JsonValue> present = found.filter(value -> !(value instanceof JsonValue.Nothing))
                .or(() -> column.otherwise().map(ColumnReader::value));
        if (present.isEmpty()) {
            if (column.required()) {
                throw misfit(table, column, "there is no value, and the column requires one");
            }
            return null;
        }
        try {
            return value(column, present.get());
        } catch (Unfit e) {
            throw misfit(table, column, String.valueOf(e.getMessage()));
        }
    }

    private static MisfitException misfit(String table, ColumnMapping column, String reason) {
        return new MisfitException(table, column.source().pointer().text(), "column " + column.name() + ": " + reason);
    }

    private static Object value(ColumnMapping column, JsonValue value) {
        return switch (column.type()) {
            case TEXT -> storable(scalar(column, value));
            case BIGINT -> whole(scalar(column, value));
            case NUMERIC -> number(scalar(column, value));
            case BOOLEAN -> flag(value);
            case TIMESTAMPTZ -> time(scalar(column, value));
            case JSON -> json(value, false);
            case JSONB -> json(value, true);
            case BYTEA -> bytes(scalar(column, value));
        };
    }

    private static String scalar(ColumnMapping column, JsonValue value) {
        String text = text(value);
        String strip = column.strip();
        return strip.isEmpty() || !text.endsWith(strip) ? text : text.substring(0, text.length() - strip.length());
    }

    /** The text of a string, a number or a flag. */
    static String text(JsonValue value) {
        if (value instanceof JsonValue.Text text) {
            return text.text();
        }
        if (value instanceof JsonValue.Numeral number) {
            return number.spelling();
        }
        if (value instanceof JsonValue.Flag flag) {
            return String.valueOf(flag.on());
        }
        throw new Unfit("a single value is expected, not " + kind(value));
    }

    private static String kind(JsonValue value) {
        return value instanceof JsonValue.Items
                ? "an array"
                : value instanceof JsonValue.Members ? "an object" : "null";
    }

    private static String storable(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new Unfit("the text has more than " + TEXT_CHARS_MAX + " characters");
        }
        if (text.indexOf(0) >= 0) {
            throw new Unfit("the text has a character of code 0, which databases do not store");
        }
        return text;
    }

    private static Long whole(String text) {
        JsonNumber number = parse(text);
        if (!number.isWhole() || number.precision() + (long) number.scale() > 19) {
            throw new Unfit("a whole number of 64 bits is expected");
        }
        BigDecimal value = new BigDecimal(number.significand(), -number.scale());
        if (value.compareTo(BigDecimal.valueOf(Long.MIN_VALUE)) < 0
                || value.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new Unfit("a whole number of 64 bits is expected");
        }
        return value.longValueExact();
    }

    private static BigDecimal number(String text) {
        JsonNumber number = parse(text);
        if (Math.abs(number.scale()) > NUMERIC_EXPONENT_MAX) {
            throw new Unfit("the number has more than " + NUMERIC_EXPONENT_MAX + " digits");
        }
        BigDecimal value = new BigDecimal(number.significand(), -number.scale());
        return value.scale() < 0 ? value.setScale(0) : value;
    }

    private static JsonNumber parse(String text) {
        if (!NUMBER.matcher(text.length() > JsonNumber.CHARS_MAX ? "" : text).matches()) {
            throw new Unfit("a number is expected");
        }
        return JsonNumber.of(text).orElseThrow(() -> new Unfit("the number is too long"));
    }

    private static Boolean flag(JsonValue value) {
        if (value instanceof JsonValue.Flag flag) {
            return flag.on();
        }
        throw new Unfit("true or false is expected");
    }

    /** RFC 3339, or milliseconds since 1970; what is finer than a microsecond is cut off. */
    private static OffsetDateTime time(String text) {
        try {
            Instant time = NUMBER.matcher(text.length() > 20 ? "" : text).matches()
                    ? Instant.ofEpochMilli(whole(text))
                    : OffsetDateTime.parse(text).toInstant();
            if (time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
                throw new Unfit("a time of the years 1 to 9999 is expected");
            }
            return time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new Unfit("a time as RFC 3339 has it is expected, or milliseconds since 1970");
        }
    }

    private static String json(JsonValue value, boolean binary) {
        String text = JsonSpelling.of(value);
        if (text.length() > TEXT_CHARS_MAX) {
            throw new Unfit("the JSON has more than " + TEXT_CHARS_MAX + " characters");
        }
        if (binary && text.contains("\\u0000")) {
            throw new Unfit("the JSON has a character of code 0, which jsonb does not store");
        }
        if (binary && !JsonNumbers.moderate(value, NUMERIC_EXPONENT_MAX)) {
            throw new Unfit("the JSON has a number that jsonb does not store");
        }
        return text;
    }

    private static byte[] bytes(String text) {
        if (text.length() > TEXT_CHARS_MAX) {
            throw new Unfit("more than " + TEXT_CHARS_MAX + " characters");
        }
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new Unfit("base64 is expected");
        }
    }
}
