package io.qbc.schema;

import io.qbc.schema.regex.PatternCache;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.JsonFormatValidator;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Counts what judging one value costs, and stops it in time. The library calls {@link #HOOK} for every schema that it
 * applies; the formats that {@link SchemaTree} has put in are judged here, within the same budget.
 */
final class SchemaSteps {
    static final String PATTERN = "qbc-pattern ";
    static final String FORMAT = "qbc-format ";
    static final String UNIQUE = "qbc-unique";
    static final JsonFormatValidator HOOK = SchemaSteps::judge;

    private static final ThreadLocal<SchemaSteps> PRESENT = new ThreadLocal<>();
    private static final PatternCache PATTERNS = new PatternCache();
    private static final long BASE_STEPS = 100_000;
    private static final long STEPS_PER_BYTE = 64;
    private static final int STEPS_PER_SCHEMA = 8;

    private long left;

    private SchemaSteps(long left) {
        this.left = left;
    }

    /** The value costs more than any reasonable rule needs. */
    static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Exhausted() {
            super("it takes too many steps to check", null, false, false);
        }
    }

    /** What judging so many bytes of JSON may cost. */
    static long budget(int bytes) {
        return BASE_STEPS + STEPS_PER_BYTE * bytes;
    }

    /** Runs a judgement within a budget; ends in {@link Exhausted} over it. */
    static <T> T within(long budget, Supplier<T> judgement) {
        PRESENT.set(new SchemaSteps(budget));
        try {
            return judgement.get();
        } finally {
            PRESENT.remove();
        }
    }

    /** What is wrong, or null if nothing is, as the library wants it. */
    private static String judge(String type, String format, Object value) {
        SchemaSteps steps = Optional.ofNullable(PRESENT.get()).orElseGet(() -> new SchemaSteps(BASE_STEPS));
        steps.spend(STEPS_PER_SCHEMA);
        Optional<String> fault = format == null ? Optional.empty() : steps.fault(format, value);
        return fault.orElse(null);
    }

    private Optional<String> fault(String format, Object value) {
        if (format.equals(UNIQUE)) {
            return value instanceof JsonArray items && !unique(items)
                    ? Optional.of("The items are not unique")
                    : Optional.empty();
        }
        if (!(value instanceof String text)) {
            return Optional.empty();
        }
        if (format.startsWith(PATTERN)) {
            String pattern = format.substring(PATTERN.length());
            return PATTERNS.of(pattern).find(text, this::spend)
                    ? Optional.empty()
                    : Optional.of("The text does not match the pattern " + pattern);
        }
        return format.startsWith(FORMAT) ? Formats.fault(format.substring(FORMAT.length()), text) : Optional.empty();
    }

    private boolean unique(JsonArray items) {
        Set<Object> seen = new HashSet<>();
        for (Object item : items) {
            if (!seen.add(plain(item))) {
                return false;
            }
        }
        return true;
    }

    /** A value that equals another exactly when JSON Schema calls them equal. */
    private Object plain(Object value) {
        spend(STEPS_PER_SCHEMA);
        if (value instanceof JsonObject object) {
            Map<String, Object> members = new LinkedHashMap<>();
            object.forEach(member -> members.put(member.getKey(), plain(member.getValue())));
            return members;
        }
        if (value instanceof JsonArray array) {
            return array.stream().map(this::plain).toList();
        }
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return new BigDecimal(number.toString()).stripTrailingZeros();
        }
        return value == null ? List.of(Optional.empty()) : value;
    }

    private void spend(long steps) {
        left -= steps;
        if (left < 0) {
            throw new Exhausted();
        }
    }
}
