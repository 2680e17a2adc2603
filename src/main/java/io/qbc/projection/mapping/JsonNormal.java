package io.qbc.projection.mapping;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonTree;
import io.qbc.json.JsonValue;
import io.qbc.model.Bytes;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.stream.Collectors;

/** A form that two JSON texts share if they mean the same, as databases spell JSON in their own way. */
public final class JsonNormal {
    private JsonNormal() {}

    /** The form of a text that is JSON. */
    public static String of(String text) {
        return of(JsonValue.read(Bytes.utf8(text)));
    }

    private static String of(JsonValue value) {
        if (value instanceof JsonValue.Numeral number) {
            return number.exact().map(JsonNumber::normal).orElseGet(() -> unbounded(number.spelling()));
        }
        if (value instanceof JsonValue.Items list) {
            return list.items().stream().map(JsonNormal::of).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof JsonValue.Members object) {
            return object.sorted().stream()
                    .map(member -> JsonTree.write(member.name().text()) + ":" + of(member.value()))
                    .collect(Collectors.joining(",", "{", "}"));
        }
        return JsonSpelling.of(value);
    }

    private static String unbounded(String spelling) {
        if (spelling.length() > JsonNumber.CHARS_MAX) {
            return spelling;
        }
        return exact(spelling).map(BigDecimal::toString).orElse(spelling);
    }

    private static Optional<BigDecimal> exact(String spelling) {
        try {
            return Optional.of(new BigDecimal(spelling).stripTrailingZeros());
        } catch (ArithmeticException | NumberFormatException e) {
            return Optional.empty();
        }
    }
}
