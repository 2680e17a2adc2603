package io.qbc.client.answer;

import io.qbc.model.Bytes;
import java.util.ArrayList;
import java.util.List;

/** A cut of a JSON array into its items, each the bytes that came; the text has been found well formed before. */
final class JsonSlices {
    private JsonSlices() {}

    /** The items of an array. */
    static List<Bytes> items(Bytes array) {
        List<Bytes> items = new ArrayList<>();
        byte[] in = array.array();
        int end = array.offset() + array.size();
        int at = space(in, array.offset() + 1, end);
        while (at < end && in[at] != ']') {
            int after = valueEnd(in, at, end);
            items.add(Bytes.wrap(in, at, trimmed(in, at, after) - at));
            at = after < end && in[after] == ',' ? space(in, after + 1, end) : after;
        }
        return items;
    }

    /** Where the value that begins here is over: at the next comma or bracket of the array itself. */
    private static int valueEnd(byte[] in, int from, int end) {
        int depth = 0;
        for (int at = from; at < end; at++) {
            switch (in[at]) {
                case '"' -> at = stringEnd(in, at);
                case '[', '{' -> depth++;
                case ']', '}' -> {
                    if (depth == 0) {
                        return at;
                    }
                    depth--;
                }
                case ',' -> {
                    if (depth == 0) {
                        return at;
                    }
                }
                default -> {
                    // A part of a number, a word, a colon or a space.
                }
            }
        }
        return end;
    }

    private static int stringEnd(byte[] in, int quote) {
        int at = quote + 1;
        while (in[at] != '"') {
            at += in[at] == '\\' ? 2 : 1;
        }
        return at;
    }

    private static int space(byte[] in, int from, int end) {
        int at = from;
        while (at < end && in[at] <= ' ' && in[at] >= 0) {
            at++;
        }
        return at;
    }

    private static int trimmed(byte[] in, int from, int end) {
        int at = end;
        while (at > from && in[at - 1] <= ' ' && in[at - 1] >= 0) {
            at--;
        }
        return at;
    }
}
