package io.qbc.json;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Whether the names of an object differ; never worse than a sort, whatever somebody chose as names. */
final class JsonNames {
    private static final int PAIRWISE_MAX = 8;

    private JsonNames() {}

    /** @param names triples of first byte, end, and 1 if the name has escapes */
    static boolean unique(byte[] in, int[] names, int from, int to) {
        int count = (to - from) / 3;
        return count <= PAIRWISE_MAX ? uniquePairwise(in, names, from, to) : uniqueSorted(in, names, from, count);
    }

    private static boolean uniquePairwise(byte[] in, int[] names, int from, int to) {
        for (int i = from + 3; i < to; i += 3) {
            for (int k = from; k < i; k += 3) {
                if (compare(in, names, i, k) == 0) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Resolves every name once before the sort, since a comparison is made many times. */
    private static boolean uniqueSorted(byte[] in, int[] names, int from, int count) {
        byte[][] order = new byte[count][];
        Arrays.setAll(order, i -> name(in, names, from + 3 * i));
        Arrays.sort(order, Arrays::compare);
        for (int i = 1; i < count; i++) {
            if (Arrays.equals(order[i - 1], order[i])) {
                return false;
            }
        }
        return true;
    }

    private static int compare(byte[] in, int[] names, int x, int y) {
        if (names[x + 2] == 0 && names[y + 2] == 0) {
            return Arrays.compare(in, names[x], names[x + 1], in, names[y], names[y + 1]);
        }
        return Arrays.compare(name(in, names, x), name(in, names, y));
    }

    private static byte[] name(byte[] in, int[] names, int x) {
        byte[] raw = Arrays.copyOfRange(in, names[x], names[x + 1]);
        return names[x + 2] == 0
                ? raw
                : unescape(new String(raw, StandardCharsets.UTF_8)).getBytes(StandardCharsets.UTF_8);
    }

    /** Resolves the escapes of a string that is known to be well formed. */
    static String unescape(String raw) {
        StringBuilder out = new StringBuilder(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            char e = raw.charAt(++i);
            switch (e) {
                case 'b' -> out.append('\b');
                case 'f' -> out.append('\f');
                case 'n' -> out.append('\n');
                case 'r' -> out.append('\r');
                case 't' -> out.append('\t');
                case 'u' -> {
                    out.append((char) Integer.parseInt(raw, i + 1, i + 5, 16));
                    i += 4;
                }
                default -> out.append(e);
            }
        }
        return out.toString();
    }
}
