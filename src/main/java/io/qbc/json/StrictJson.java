package io.qbc.json;

import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * The strict JSON reader (RFC 8259 with the rules of RFC 7493): one pass that checks a text and finds the members of
 * its outermost object, without building a tree, so that a value can be kept as the bytes that came.
 *
 * <p>Refused: duplicate names (compared after unescaping), comments, NaN and other words, a byte order mark, lone
 * surrogates, malformed or overlong UTF-8, control characters in strings, anything after the value, and what is deeper
 * or longer than the limits.
 */
public final class StrictJson extends JsonTokens {
    private static final int[] NONE = new int[0];

    private final int depthMax;
    private final boolean capture;
    /** Of every open object's names: first byte, end, and 1 if it has escapes. */
    private int[] names = new int[24];

    private int namesUsed;
    /** Of the outermost object's members: name's first byte, end, escapes, value's first byte, end. */
    private int[] members;

    private int membersUsed;

    private StrictJson(Bytes text, JsonLimits limits, boolean capture) {
        super(text);
        depthMax = limits.depthMax();
        this.capture = capture;
        members = capture ? new int[20] : NONE;
    }

    /** What is wrong with the text as one JSON value; empty if nothing is. */
    public static Optional<JsonFault> check(Bytes text, JsonLimits limits) {
        return Optional.ofNullable(new StrictJson(text, limits, false).run(limits));
    }

    /** The same where a number must be bounded too, as {@link JsonNumber} has it. */
    public static Optional<JsonFault> checkBounded(Bytes text, JsonLimits limits) {
        StrictJson reader = new StrictJson(text, limits, false);
        JsonFault fault = reader.run(limits);
        if (fault == null && reader.longNumber >= 0) {
            fault = JsonFault.longNumber(reader.longNumber);
        }
        return Optional.ofNullable(fault);
    }

    /** Reads a text that must be one JSON object. */
    public static JsonObjectText object(Bytes text, JsonLimits limits) {
        StrictJson reader = new StrictJson(text, limits, true);
        JsonFault fault = reader.run(limits);
        if (fault == null && reader.membersUsed < 0) {
            fault = new JsonFault("an object is expected", 0);
        }
        return new JsonObjectText(
                text, fault, Arrays.copyOf(reader.members, Math.max(0, reader.membersUsed)), reader.longNumber);
    }

    private JsonFault run(JsonLimits limits) {
        if (end - base > limits.bytesMax()) {
            return new JsonFault("longer than " + limits.bytesMax() + " bytes", limits.bytesMax());
        }
        space();
        if (at == end || in[at] != '{') {
            membersUsed = -1;
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
        int first = namesUsed;
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
        boolean unique = JsonNames.unique(in, names, first, namesUsed);
        namesUsed = first;
        return unique || fail("an object has a name twice");
    }

    private boolean member(int depth) {
        if (at == end || in[at] != '"') {
            return fail("a name in quotes is expected");
        }
        int from = at + 1;
        if (!string()) {
            return false;
        }
        int to = at - 1;
        int flag = escaped ? 1 : 0;
        name(from, to, flag);
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
            capture(from, to, flag, valueFrom);
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

    private void name(int from, int to, int flag) {
        if (namesUsed + 3 > names.length) {
            names = Arrays.copyOf(names, names.length * 2);
        }
        names[namesUsed++] = from;
        names[namesUsed++] = to;
        names[namesUsed++] = flag;
    }

    private void capture(int from, int to, int flag, int valueFrom) {
        if (membersUsed + 5 > members.length) {
            members = Arrays.copyOf(members, members.length * 2);
        }
        members[membersUsed++] = from;
        members[membersUsed++] = to;
        members[membersUsed++] = flag;
        members[membersUsed++] = valueFrom;
        members[membersUsed++] = at;
    }

    /** The text of a string value, quotes included, that this reader has found well formed. */
    public static String text(Bytes string) {
        String raw = new String(string.array(), string.offset() + 1, string.size() - 2, StandardCharsets.UTF_8);
        return raw.indexOf('\\') < 0 ? raw : JsonNames.unescape(raw);
    }
}
