package io.qbc.model;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The strict JSON reader (RFC 8259 with the rules of RFC 7493): one pass that checks a text and finds the members
 * of its
 * outermost object, without building a tree, so that a value can be kept as the bytes that came.
 *
 * <p>Refused: duplicate names (compared after unescaping), comments, NaN and other words, a byte order mark, lone
 * surrogates, malformed or overlong UTF-8, control characters in strings, anything after the value, and what is deeper
 * or longer than the limits.
 */
public final class StrictJson {
    private final byte[] in;
    private final int base;
    private final int end;
    private final int depthMax;
    private final boolean capture;
    private int at;
    private JsonFault fault;
    private boolean escaped;
    /** Of every open object's names: first byte, end, and 1 if it has escapes. */
    private final IntRun names = new IntRun(48);
    /** Of the outermost object's members: name's first byte, end, escapes, value's first byte, end. */
    private final IntRun members = new IntRun(40);

    private boolean outermostObject = true;

    private StrictJson(Bytes text, JsonLimits limits, boolean capture) {
        in = text.array();
        base = text.offset();
        end = base + text.size();
        at = base;
        depthMax = limits.depthMax();
        this.capture = capture;
    }

    /** What is wrong with the text as one JSON value; empty if nothing is. */
    public static Optional<JsonFault> check(Bytes text, JsonLimits limits) {
        return Optional.ofNullable(new StrictJson(text, limits, false).run(limits));
    }

    /** Reads a text that must be one JSON object. */
    public static JsonObjectText object(Bytes text, JsonLimits limits) {
        StrictJson reader = new StrictJson(text, limits, true);
        JsonFault fault = reader.run(limits);
        if (fault == null && !reader.outermostObject) {
            fault = new JsonFault("an object is expected", 0);
        }
        return new JsonObjectText(text, fault, reader.members.toArray());
    }

    private JsonFault run(JsonLimits limits) {
        if (end - base > limits.bytesMax()) {
            return new JsonFault("longer than " + limits.bytesMax() + " bytes", limits.bytesMax());
        }
        space();
        if (at == end || in[at] != '{') {
            outermostObject = false;
        }
        if (value(0)) {
            space();
            if (at != end) {
                fail("something follows the value");
            }
        }
        return fault;
    }

    private boolean value(int depth) {
        if (at == end) {
            return fail("the text ends too early");
        }
        return switch (in[at]) {
            case '{' -> depth < depthMax ? object(depth) : fail("deeper than " + depthMax);
            case '[' -> depth < depthMax ? array(depth) : fail("deeper than " + depthMax);
            case '"' -> string();
            case 't' -> word("true");
            case 'f' -> word("false");
            case 'n' -> word("null");
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> number();
            default -> fail("a value is expected");
        };
    }

    private boolean object(int depth) {
        int first = names.size();
        at++;
        space();
        if (next('}')) {
            return true;
        }
        do {
            space();
            if (!member(depth)) {
                return false;
            }
            space();
        } while (next(','));
        if (!next('}')) {
            return fail("',' or '}' is expected");
        }
        boolean unique = JsonNames.unique(in, names.array(), first, names.size());
        names.cut(first);
        return unique || fail("an object has a name twice");
    }

    private boolean member(int depth) {
        if (at == end || in[at] != '"') {
            return fail("a name in quotes is expected");
        }
        int from = at + 1;
        escaped = false;
        if (!string()) {
            return false;
        }
        int to = at - 1;
        int flag = escaped ? 1 : 0;
        names.add(from, to, flag);
        space();
        if (!next(':')) {
            return fail("':' is expected");
        }
        space();
        int valueFrom = at;
        if (!value(depth + 1)) {
            return false;
        }
        if (capture && depth == 0) {
            members.add(from, to, flag);
            members.add(valueFrom, at);
        }
        return true;
    }

    private boolean array(int depth) {
        at++;
        space();
        if (next(']')) {
            return true;
        }
        do {
            space();
            if (!value(depth + 1)) {
                return false;
            }
            space();
        } while (next(','));
        return next(']') || fail("',' or ']' is expected");
    }

    private boolean string() {
        at++;
        while (at < end) {
            byte c = in[at];
            if (c == '"') {
                at++;
                return true;
            }
            if (c == '\\') {
                escaped = true;
                if (!escape()) {
                    return false;
                }
            } else if (c < 0) {
                int size = Utf8.sequence(in, at, end);
                if (size == 0) {
                    return fail("malformed UTF-8");
                }
                at += size;
            } else if (c < 0x20) {
                return fail("a control character in a string");
            } else {
                at++;
            }
        }
        return fail("a string does not end");
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
            default -> {
                return fail("an unknown escape");
            }
        }
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

    private boolean number() {
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
            if (digits() == 0) {
                return fail("a digit is expected");
            }
        }
        return true;
    }

    private int digits() {
        int from = at;
        while (at < end && in[at] >= '0' && in[at] <= '9') {
            at++;
        }
        return at - from;
    }

    private boolean word(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (at + i >= end || in[at + i] != word.charAt(i)) {
                return fail("a value is expected");
            }
        }
        at += word.length();
        return true;
    }

    private void space() {
        while (at < end && (in[at] == ' ' || in[at] == '\n' || in[at] == '\r' || in[at] == '\t')) {
            at++;
        }
    }

    private boolean next(char c) {
        if (at < end && in[at] == c) {
            at++;
            return true;
        }
        return false;
    }

    private boolean fail(String problem) {
        fault = fault != null ? fault : new JsonFault(problem, at - base);
        return false;
    }

    /** The text of a string value, quotes included, that this reader has found well formed. */
    public static String text(Bytes string) {
        String raw = new String(string.array(), string.offset() + 1, string.size() - 2, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : JsonNames.unescape(raw);
    }
}
