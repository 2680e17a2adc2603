package io.qbc.schema;

import io.qbc.json.JsonNumber;
import io.qbc.json.JsonValue;
import io.qbc.schema.regex.LinearPattern;
import java.math.BigInteger;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.ToIntFunction;

/** The keywords about a value as a whole, by the vocabulary for validation. */
final class ValueKeywords {
    private static final int FORMAT_STEPS = 100;

    private ValueKeywords() {}

    static Keyword type(List<String> types) {
        String wanted = "must be of type " + String.join(" or ", types);
        return (run, value, place, evaluated) ->
                types.stream().anyMatch(type -> is(type, value)) || run.fail(place, wanted);
    }

    private static boolean is(String type, JsonValue value) {
        return switch (type) {
            case "object" -> value instanceof JsonValue.Members;
            case "array" -> value instanceof JsonValue.Items;
            case "string" -> value instanceof JsonValue.Text;
            case "boolean" -> value instanceof JsonValue.Flag;
            case "null" -> value instanceof JsonValue.Nothing;
            case "integer" ->
                value instanceof JsonValue.Numeral number && exact(number).isWhole();
            default -> value instanceof JsonValue.Numeral;
        };
    }

    static JsonNumber exact(JsonValue.Numeral number) {
        return number.exact().orElseThrow(Judging.Unjudgeable::new);
    }

    /** {@code enum}, and {@code const} with its one option. */
    static Keyword options(List<JsonValue> options, String problem) {
        Set<String> forms = new HashSet<>();
        long longest = 0;
        for (JsonValue option : options) {
            NormalForm.Sized sized = NormalForm.of(option);
            forms.add(sized.form());
            longest = Math.max(longest, sized.size());
        }
        long most = longest;
        return (run, value, place, evaluated) -> {
            NormalForm.Sized sized = NormalForm.of(value, most);
            run.spend(sized.size());
            return (sized.size() <= most && forms.contains(sized.form())) || run.fail(place, problem);
        };
    }

    static Keyword unique() {
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Items array)) {
                return true;
            }
            Set<String> seen = new HashSet<>();
            boolean unique = true;
            run.spend(1);
            for (JsonValue item : array.items()) {
                NormalForm.Sized sized = NormalForm.of(item);
                run.spend(sized.size());
                unique &= seen.add(sized.form());
            }
            return unique || run.fail(place, "must not have an item twice");
        };
    }

    static Keyword bound(JsonNumber limit, IntPredicate order, String wanted) {
        return (run, value, place, evaluated) -> !(value instanceof JsonValue.Numeral number)
                || order.test(exact(number).compareTo(limit))
                || run.fail(place, "must be " + wanted + " " + limit);
    }

    static Keyword multipleOf(JsonNumber divisor) {
        BigInteger part = divisor.significand();
        return (run, value, place, evaluated) -> {
            if (!(value instanceof JsonValue.Numeral number)) {
                return true;
            }
            run.spend(number.spelling().length());
            return multiple(exact(number), part, divisor.scale())
                    || run.fail(place, "must be a multiple of " + divisor);
        };
    }

    /** Whether a number is one of {@code part} times ten to the power of {@code scale}, without writing its zeros. */
    private static boolean multiple(JsonNumber number, BigInteger part, int scale) {
        int zeros = number.scale() - scale;
        if (number.isZero()) {
            return true;
        }
        // The last significant digit is not 0, so that nothing that ends with zeros divides it.
        return zeros >= 0
                && number.significand()
                                .mod(part)
                                .multiply(BigInteger.TEN.modPow(BigInteger.valueOf(zeros), part))
                                .mod(part)
                                .signum()
                        == 0;
    }

    /** A bound of a count, as of a text's characters or an array's items. */
    static Keyword count(ToIntFunction<JsonValue> count, IntPredicate fits, String problem) {
        return (run, value, place, evaluated) -> {
            int counted = count.applyAsInt(value);
            return counted < 0 || fits.test(counted) || run.fail(place, problem);
        };
    }

    static int characters(JsonValue value) {
        return value instanceof JsonValue.Text text ? text.length() : -1;
    }

    static int items(JsonValue value) {
        return value instanceof JsonValue.Items array ? array.items().size() : -1;
    }

    static int members(JsonValue value) {
        return value instanceof JsonValue.Members object ? object.members().size() : -1;
    }

    static Keyword pattern(LinearPattern pattern, String text) {
        return (run, value, place, evaluated) -> !(value instanceof JsonValue.Text data)
                || run.matches(pattern, data.text())
                || run.fail(place, "The text does not match the pattern " + text);
    }

    static Keyword format(String format) {
        return (run, value, place, evaluated) -> {
            if (!Formats.isDemanded(format) || !(value instanceof JsonValue.Text text)) {
                return true;
            }
            run.spend(FORMAT_STEPS + Math.min(text.length(), Formats.TEXT_CHARS_MAX));
            return Formats.fits(format, text.text()) || run.fail(place, "The text is no " + format);
        };
    }
}
