package io.qbc.config;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A value as somebody wrote it.
 *
 * @param key the key's whole path, like {@code http.idleTimeout}
 * @param source where it was written, for messages
 */
record Setting(String key, Form form, List<String> values, String source) {
    private static final Pattern WHOLE = Pattern.compile("0|-?[1-9][0-9]{0,17}");
    private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,8})(KiB|MiB|GiB)");
    private static final Pattern RATIO = Pattern.compile("0|1|[01]\\.[0-9]{1,9}");

    /** How it was written; {@code PLAIN} text has no type of its own. */
    enum Form {
        NUMBER,
        TEXT,
        LIST,
        OTHER,
        PLAIN
    }

    Setting {
        values = List.copyOf(values);
    }

    String text() {
        if (form != Form.TEXT && form != Form.PLAIN) {
            throw wrong("a text; put it into quotes");
        }
        return values.get(0);
    }

    List<String> list() {
        if (form != Form.LIST && form != Form.PLAIN) {
            throw wrong("a list, like [a, b] or []");
        }
        return values;
    }

    /** A whole number; where the key is a size, a unit may follow. */
    long number() {
        String value = values.isEmpty() ? "" : values.get(0);
        boolean digits = form == Form.NUMBER || form == Form.PLAIN;
        if (digits && WHOLE.matcher(value).matches()) {
            return Long.parseLong(value);
        }
        boolean size = key.endsWith("ytes");
        Matcher unit = SIZE.matcher(value);
        if (size && (form == Form.TEXT || form == Form.PLAIN) && unit.matches()) {
            int shift = "KMG".indexOf(unit.group(2).charAt(0)) * 10 + 10;
            return Long.parseLong(unit.group(1)) << shift;
        }
        throw wrong(size ? "a size, like 65536, 64KiB or 4MiB" : "a whole number without quotes");
    }

    /** A whole number that an {@code int} holds. */
    int smallNumber() {
        long number = number();
        if (number != (int) number) {
            throw wrong("at most " + Integer.MAX_VALUE);
        }
        return (int) number;
    }

    /** A part of a whole. */
    double ratio() {
        String value = values.isEmpty() ? "" : values.get(0);
        if (form != Form.TEXT && form != Form.LIST && RATIO.matcher(value).matches()) {
            return Double.parseDouble(value);
        }
        throw wrong("a number from 0 to 1, like 0.05");
    }

    boolean flag() {
        String value = values.isEmpty() ? "" : values.get(0);
        boolean written = form == Form.OTHER || form == Form.PLAIN;
        if (written && (value.equals("true") || value.equals("false"))) {
            return value.equals("true");
        }
        throw wrong("true or false without quotes");
    }

    Duration duration() {
        Optional<Duration> time = Span.parse(values.isEmpty() ? "" : values.get(0));
        if ((form != Form.TEXT && form != Form.PLAIN) || time.isEmpty()) {
            throw wrong("a time, like 500ms, 10s or 2m");
        }
        return time.get();
    }

    private ConfigException wrong(String expected) {
        String value = values.size() == 1 ? "'" + values.get(0) + "'" : values.toString();
        return new ConfigException(key + " must be " + expected + " but is " + value + " (" + source + ")");
    }
}
