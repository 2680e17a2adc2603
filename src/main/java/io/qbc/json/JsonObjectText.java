package io.qbc.json;

import io.qbc.model.Bytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A JSON object as text, and where its members' values are in it; or the fault for which it was refused. */
public final class JsonObjectText {
    private final Bytes text;
    private final JsonFault fault;
    private final int[] members;
    private final int longNumber;

    JsonObjectText(Bytes text, JsonFault fault, int[] members, int longNumber) {
        this.text = text;
        this.fault = fault;
        this.members = members;
        this.longNumber = longNumber;
    }

    /** The first number in it that is not bounded as {@link JsonNumber} has it, and where. */
    public Optional<JsonFault> longNumber() {
        return longNumber < 0 ? Optional.empty() : Optional.of(JsonFault.longNumber(longNumber));
    }

    /** What is wrong with it; when something is, it has no members to trust. */
    public Optional<JsonFault> fault() {
        return Optional.ofNullable(fault);
    }

    /** The exact bytes of a member's value; nothing if there is no such member. */
    public Optional<Bytes> member(String name) {
        byte[] in = text.array();
        for (int i = 0; i < members.length; i += 5) {
            boolean same = members[i + 2] == 0 ? same(in, members[i], members[i + 1], name) : name.equals(name(i));
            if (same) {
                return Optional.of(Bytes.wrap(in, members[i + 3], members[i + 4] - members[i + 3]));
            }
        }
        return Optional.empty();
    }

    /** Whether the bytes are the name's, without a copy of it as long as it is ASCII. */
    private static boolean same(byte[] in, int from, int end, String name) {
        int length = name.length();
        for (int i = 0; i < length; i++) {
            char c = name.charAt(i);
            if (c >= 0x80) {
                return Arrays.equals(Arrays.copyOfRange(in, from, end), name.getBytes(StandardCharsets.UTF_8));
            }
            if (from + i >= end || in[from + i] != c) {
                return false;
            }
        }
        return end - from == length;
    }

    /** A member that is a string, unescaped; nothing if it is absent or something else. */
    public Optional<String> string(String name) {
        return member(name)
                .filter(value -> value.array()[value.offset()] == '"')
                .map(StrictJson::text);
    }

    /** The members' names in the order of the text. */
    public List<String> names() {
        List<String> names = new ArrayList<>(members.length / 5);
        for (int i = 0; i < members.length; i += 5) {
            names.add(name(i));
        }
        return names;
    }

    private String name(int i) {
        String raw = new String(text.array(), members[i], members[i + 1] - members[i], StandardCharsets.UTF_8);
        return members[i + 2] == 0 ? raw : JsonNames.unescape(raw);
    }
}
