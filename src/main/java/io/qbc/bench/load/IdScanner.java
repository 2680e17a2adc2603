package io.qbc.bench.load;

import io.qbc.model.Hash;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Finds transaction ids in answers; the bench's own payloads have no member of that name. */
public final class IdScanner {
    private static final byte[] MARK = Http.ascii("\"id\":\"");
    private static final int ID_DIGITS = 2 * Hash.BYTES;

    private IdScanner() {}

    /** Tells each id in a stream, in order. */
    public static void scan(InputStream in, Consumer<Hash> ids) throws IOException {
        byte[] buffer = new byte[1 << 18];
        int size = 0;
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer, size, buffer.length - size)) {
            size += count;
            int at = 0;
            while (at + MARK.length + ID_DIGITS <= size) {
                if (marked(buffer, at)) {
                    String digits = new String(buffer, at + MARK.length, ID_DIGITS, StandardCharsets.ISO_8859_1);
                    Hash.parse(digits).ifPresent(ids);
                    at += MARK.length + ID_DIGITS;
                } else {
                    at++;
                }
            }
            System.arraycopy(buffer, at, buffer, 0, size - at);
            size -= at;
        }
    }

    private static boolean marked(byte[] buffer, int at) {
        for (int i = 0; i < MARK.length; i++) {
            if (buffer[at + i] != MARK[i]) {
                return false;
            }
        }
        return true;
    }

    /** The first ids of a text, at most so many. */
    public static List<Hash> first(String text, int most) {
        List<Hash> found = new ArrayList<>();
        String mark = new String(MARK, StandardCharsets.US_ASCII);
        int at = text.indexOf(mark);
        while (at >= 0 && found.size() < most && at + mark.length() + ID_DIGITS <= text.length()) {
            at += mark.length();
            Hash.parse(text.substring(at, at + ID_DIGITS)).ifPresent(found::add);
            at = text.indexOf(mark, at);
        }
        return found;
    }
}
