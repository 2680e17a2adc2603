package io.qbc.json;

import java.math.BigInteger;
import java.util.Optional;

/**
 * A number as JSON text spells it, exact: a sign, its significant digits and the place of its point. Comparing two
 * looks at each digit at most once, so that no text, however it was chosen, costs more than its length.
 *
 * <p>Bounded are numbers of at most {@link #CHARS_MAX} characters whose exponent is at most {@link #EXPONENT_MAX}
 * either way. Others came in before there was this rule; they are carried on as text.
 */
public final class JsonNumber implements Comparable<JsonNumber> {
    public static final int CHARS_MAX = 1000;
    public static final int EXPONENT_MAX = 9999;

    static final int EXPONENT_DIGITS_MAX = 4;

    private final String text;
    private final boolean negative;
    /** Without zeros at either end; empty for zero. */
    private final String digits;
    /** The number is 0.digits times ten to the power of this. */
    private final int point;

    private JsonNumber(String text, boolean negative, String digits, int point) {
        this.text = text;
        this.negative = negative;
        this.digits = digits;
        this.point = point;
    }

    /** Reads a text that is a JSON number; nothing if it is not bounded. */
    public static Optional<JsonNumber> of(String text) {
        if (text.length() > CHARS_MAX) {
            return Optional.empty();
        }
        int letter = Math.max(text.indexOf('e'), text.indexOf('E'));
        int exponent = letter < 0 ? 0 : exponent(text, letter + 1);
        if (exponent < -EXPONENT_MAX || exponent > EXPONENT_MAX) {
            return Optional.empty();
        }
        boolean negative = text.charAt(0) == '-';
        String plain = text.substring(negative ? 1 : 0, letter < 0 ? text.length() : letter);
        int dot = plain.indexOf('.');
        String all = dot < 0 ? plain : plain.substring(0, dot) + plain.substring(dot + 1);
        int from = 0;
        while (from < all.length() && all.charAt(from) == '0') {
            from++;
        }
        int end = all.length();
        while (end > from && all.charAt(end - 1) == '0') {
            end--;
        }
        int point = from == end ? 0 : (dot < 0 ? plain.length() : dot) - from + exponent;
        return Optional.of(new JsonNumber(text, negative, all.substring(from, end), point));
    }

    private static int exponent(String text, int from) {
        int i = from;
        boolean down = text.charAt(i) == '-';
        if (down || text.charAt(i) == '+') {
            i++;
        }
        while (i < text.length() - 1 && text.charAt(i) == '0') {
            i++;
        }
        if (text.length() - i > EXPONENT_DIGITS_MAX) {
            return EXPONENT_MAX + 1;
        }
        int size = Integer.parseInt(text, i, text.length(), 10);
        return down ? -size : size;
    }

    /** As it was spelled. */
    public String text() {
        return text;
    }

    public boolean isNegative() {
        return negative;
    }

    public boolean isZero() {
        return digits.isEmpty();
    }

    /** Whether the value has no fraction, however it is spelled. */
    public boolean isWhole() {
        return digits.length() <= point || digits.isEmpty();
    }

    /** Whether it is spelled as digits alone, with no point and no exponent. */
    public boolean isInteger() {
        return text.indexOf('.') < 0 && text.indexOf('e') < 0 && text.indexOf('E') < 0;
    }

    /** How many digits the value has between the first and the last that are not 0. */
    public int precision() {
        return digits.length();
    }

    /** The value is {@link #significand()} times ten to the power of this. */
    public int scale() {
        return digits.isEmpty() ? 0 : point - digits.length();
    }

    /** The significant digits with their sign. */
    public BigInteger significand() {
        BigInteger size = digits.isEmpty() ? BigInteger.ZERO : new BigInteger(digits);
        return negative ? size.negate() : size;
    }

    /** The double that is nearest; infinite, or 0, where none is near. */
    public double nearest() {
        return Double.parseDouble(text);
    }

    /** A text that two numbers share exactly if they are equal. */
    public String normal() {
        return digits.isEmpty() ? "0" : (negative ? "-" : "") + digits + 'e' + point;
    }

    @Override
    public int compareTo(JsonNumber other) {
        int sign = sign();
        if (sign != other.sign()) {
            return Integer.compare(sign, other.sign());
        }
        int size = point == other.point ? digits.compareTo(other.digits) : Integer.compare(point, other.point);
        return sign < 0 ? -size : size;
    }

    private int sign() {
        return digits.isEmpty() ? 0 : negative ? -1 : 1;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonNumber number && compareTo(number) == 0;
    }

    @Override
    public int hashCode() {
        return normal().hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
