package io.qbc.json;

import io.qbc.model.Bytes;

/** Well-formed UTF-8 as RFC 3629 has it: no overlong form, no surrogate, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    /** Whether all of the bytes are well formed. */
    public static boolean wellFormed(Bytes bytes) {
        byte[] in = bytes.array();
        int end = bytes.offset() + bytes.size();
        for (int i = bytes.offset(); i < end; ) {
            int size = in[i] >= 0 ? 1 : sequence(in, i, end);
            if (size == 0) {
                return false;
            }
            i += size;
        }
        return true;
    }

    /** How many bytes the sequence at {@code i} has, its first byte being above 0x7f; 0 if it is malformed. */
    static int sequence(byte[] in, int i, int end) {
        int first = in[i] & 0xff;
        int size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
        if (first < 0xc2 || first > 0xf4 || i + size > end) {
            return 0;
        }
        int second = in[i + 1] & 0xff;
        int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
        int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
        if (second < least || second > most) {
            return 0;
        }
        for (int k = i + 2; k < i + size; k++) {
            if ((in[k] & 0xc0) != 0x80) {
                return 0;
            }
        }
        return size;
    }
}
