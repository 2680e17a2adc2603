package io.qbc.json;

import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The items of a JSON array that was found well formed, each as the bytes that came. */
public final class JsonItems {
    private JsonItems() {}

    /** The items in order; nothing if the value is no array. */
    public static Optional<List<Bytes>> of(Bytes array) {
        byte[] in = array.array();
        int end = array.offset() + array.size() - 1;
        if (array.isEmpty() || in[array.offset()] != '[') {
            return Optional.empty();
        }
        List<Bytes> items = new ArrayList<>();
        int at = array.offset() + 1;
        while (at < end) {
            int next = skip(in, at, end);
            Bytes item = trimmed(in, at, next);
            if (!item.isEmpty()) {
                items.add(item);
            }
            at = next + 1;
        }
        return Optional.of(items);
    }

    /** The place of the comma after the item that begins at {@code at}, or {@code end}. */
    private static int skip(byte[] in, int at, int end) {
        int depth = 0;
        for (int i = at; i < end; i++) {
            switch (in[i]) {
                case '"' -> i = string(in, i);
                case '[', '{' -> depth++;
                case ']', '}' -> depth--;
                case ',' -> {
                    if (depth == 0) {
                        return i;
                    }
                }
                default -> {
                    // Anything else is inside a value or between values.
                }
            }
        }
        return end;
    }

    /** The place of the quote that ends the string beginning at {@code at}. */
    private static int string(byte[] in, int at) {
        int i = at + 1;
        while (in[i] != '"') {
            i += in[i] == '\\' ? 2 : 1;
        }
        return i;
    }

    private static Bytes trimmed(byte[] in, int from, int to) {
        int first = from;
        int last = to;
        while (first < last && in[first] <= ' ' && in[first] >= 0) {
            first++;
        }
        while (last > first && in[last - 1] <= ' ' && in[last - 1] >= 0) {
            last--;
        }
        return Bytes.wrap(in, first, last - first);
    }
}
