package io.qbc.json;

import io.qbc.model.Bytes;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** The strict reader's place in a text, and its words: strings, numbers, literals and white space (RFC 8259). */
class JsonTokens {
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long HIGHS = 0x8080808080808080L;

    final byte[] in;
    final int base;
    final int end;
    int at;
    /** Whether the last string read had an escape. */
    boolean escaped;

    /** Where the first number begins that is not bounded as {@link JsonNumber} has it; below 0 if there is none. */
    int longNumber = -1;

    JsonFault fault;

    JsonTokens(Bytes text) {
        in = text.array();
        base = text.offset();
        end = base + text.size();
        at = base;
    }

    boolean string() {
        escaped = false;
        int i = at + 1;
        while (true) {
            i = plain(i);
            if (i >= end) {
                at = end;
                return fail("a string does not end");
            }
            byte c = in[i];
            if (c == '"') {
                at = i + 1;
                return true;
            }
            at = i;
            if (c == '\\') {
                escaped = true;
                if (!escape()) {
                    return false;
                }
            } else if (c < 0) {
                int size = Utf8.sequence(in, i, end);
                if (size == 0) {
                    return fail("malformed UTF-8");
                }
                at = i + size;
            } else {
                return fail("a control character in a string");
            }
            i = at;
        }
    }

    /** The first byte from {@code i} on that is not a plain ASCII character of a string. */
    private int plain(int i) {
        while (i + 8 <= end) {
            long word = (long) WORD.get(in, i);
            long quote = word ^ ONES * '"';
            long slash = word ^ ONES * '\\';
            // A byte's high bit is set where it is below 0x20, a quote, a backslash, or above 0x7f; the lowest such bit
            // is exact, as a borrow only runs towards higher bytes.
            long odd = (word - ONES * 0x20 | quote - ONES | slash - ONES | word) & HIGHS;
            if (odd != 0) {
                return i + (Long.numberOfTrailingZeros(odd) >>> 3);
            }
            i += 8;
        }
        while (i < end && in[i] >= 0x20 && in[i] != '"' && in[i] != '\\') {
            i++;
        }
        return i;
    }

    private boolean escape() {
        if (at + 1 >= end) {
            return fail("a string does not end");
        }
        switch (in[at + 1]) {
            case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> {
                at += 2;
                return true;
            }
            case 'u' -> {
                return unicode();
            }
            default -> {
                return fail("an unknown escape");
            }
        }
    }

    private boolean unicode() {
        int unit = unit(at);
        if (unit < 0) {
            return fail("four hexadecimal digits are expected");
        }
        if (!Character.isSurrogate((char) unit)) {
            at += 6;
            return true;
        }
        int low = Character.isHighSurrogate((char) unit) ? unit(at + 6) : -1;
        if (low < 0 || !Character.isLowSurrogate((char) low)) {
            return fail("a lone surrogate");
        }
        at += 12;
        return true;
    }

    /** The code unit of the escape that begins at {@code i}, or -1. */
    private int unit(int i) {
        if (i + 6 > end || in[i] != '\\' || in[i + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int k = i + 2; k < i + 6; k++) {
            int digit = Character.digit(in[k], 16);
            if (digit < 0) {
                return -1;
            }
            unit = unit << 4 | digit;
        }
        return unit;
    }

    boolean number() {
        int from = at;
        int exponentDigits = 0;
        if (in[at] == '-') {
            at++;
        }
        if (next('0')) {
            if (digits() > 0) {
                return fail("a number begins with 0");
            }
        } else if (digits() == 0) {
            return fail("a digit is expected");
        }
        if (next('.') && digits() == 0) {
            return fail("a digit is expected");
        }
        if (at < end && (in[at] | 0x20) == 'e') {
            at++;
            if (at < end && (in[at] == '+' || in[at] == '-')) {
                at++;
            }
            exponentDigits = exponent();
            if (exponentDigits < 0) {
                return fail("a digit is expected");
            }
        }
        boolean bounded = at - from <= JsonNumber.CHARS_MAX && exponentDigits <= JsonNumber.EXPONENT_DIGITS_MAX;
        longNumber = bounded || longNumber >= 0 ? longNumber : from - base;
        return true;
    }

    /** Reads an exponent's digits and gives how many there are without zeros in front; below 0 if there are none. */
    private int exponent() {
        int from = at;
        while (next('0')) {
            // A zero in front says nothing.
        }
        int significant = digits();
        return at == from ? -1 : significant;
    }

    private int digits() {
        int from = at;
        int i = from;
        while (i < end && in[i] >= '0' && in[i] <= '9') {
            i++;
        }
        at = i;
        return i - from;
    }

    boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || in[at + i] != word.charAt(i)) {
                return fail("a value is expected");
            }
        }
        at += word.length();
        return true;
    }

    void space() {
        int i = at;
        while (i < end && (in[i] == ' ' || in[i] == '\n' || in[i] == '\r' || in[i] == '\t')) {
            i++;
        }
        at = i;
    }

    boolean next(char c) {
        if (at < end && in[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    /** Notes the first fault; always false, so that a rule can end with it. */
    boolean fail(String problem) {
        fault = fault != null ? fault : new JsonFault(problem, at - base);
        return false;
    }
}
