package io.qbc.api.json;

import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A growing buffer of an answer's bytes, and how JSON values are written into it. */
public final class JsonBuffer {
    private static final byte[] DIGITS = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] array;
    private int size;

    public JsonBuffer(int capacity) {
        array = new byte[Math.max(capacity, 64)];
    }

    /** ASCII text as it stands. */
    public JsonBuffer raw(String ascii) {
        int length = ascii.length();
        ensure(length);
        for (int i = 0; i < length; i++) {
            array[size + i] = (byte) ascii.charAt(i);
        }
        size += length;
        return this;
    }

    public JsonBuffer raw(byte[] bytes) {
        ensure(bytes.length);
        System.arraycopy(bytes, 0, array, size, bytes.length);
        size += bytes.length;
        return this;
    }

    public JsonBuffer raw(Bytes bytes) {
        ensure(bytes.size());
        System.arraycopy(bytes.array(), bytes.offset(), array, size, bytes.size());
        size += bytes.size();
        return this;
    }

    public JsonBuffer u8(int value) {
        ensure(1);
        array[size++] = (byte) value;
        return this;
    }

    public JsonBuffer number(long value) {
        return raw(Long.toString(value));
    }

    /** A JSON string of hexadecimal digits. */
    public JsonBuffer hex(Hash hash) {
        ensure(2 + 2 * Hash.BYTES);
        array[size++] = '"';
        word(hash.a());
        word(hash.b());
        word(hash.c());
        word(hash.d());
        array[size++] = '"';
        return this;
    }

    /** A JSON string of hexadecimal digits. */
    public JsonBuffer hex(Bytes bytes) {
        ensure(2 + 2 * bytes.size());
        array[size++] = '"';
        byte[] in = bytes.array();
        for (int i = bytes.offset(); i < bytes.offset() + bytes.size(); i++) {
            array[size++] = DIGITS[(in[i] >> 4) & 0xf];
            array[size++] = DIGITS[in[i] & 0xf];
        }
        array[size++] = '"';
        return this;
    }

    /** A JSON string with whatever must be escaped escaped (RFC 8259 section 7). */
    public JsonBuffer text(String text) {
        ensure(text.length() + 2);
        array[size++] = '"';
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                i += beyondAscii(text, i) - 1;
            } else if (c < 0x20 || c == '"' || c == '\\') {
                escape(c);
            } else {
                u8(c);
            }
        }
        return u8('"');
    }

    public int size() {
        return size;
    }

    /** A copy of what was written; writing begins anew. */
    public Buffer drain() {
        Buffer buffer = Buffer.buffer(size).appendBytes(array, 0, size);
        size = 0;
        return buffer;
    }

    /** What was written, without a copy; nothing may be written afterwards. */
    public Bytes toBytes() {
        return Bytes.wrap(array, 0, size);
    }

    private void word(long word) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            array[size++] = DIGITS[(int) (word >>> shift) & 0xf];
        }
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> raw("\\\"");
            case '\\' -> raw("\\\\");
            case '\n' -> raw("\\n");
            case '\r' -> raw("\\r");
            case '\t' -> raw("\\t");
            default -> raw("\\u00").u8(DIGITS[c >> 4]).u8(DIGITS[c & 0xf]);
        }
    }

    /** Writes one code point in UTF-8 and gives how many characters it took; a lone surrogate becomes U+FFFD. */
    private int beyondAscii(String text, int at) {
        int point = text.codePointAt(at);
        int taken = Character.charCount(point);
        if (taken == 1 && Character.isSurrogate((char) point)) {
            point = 0xfffd;
        }
        raw(Character.toString(point).getBytes(StandardCharsets.UTF_8));
        return taken;
    }

    private void ensure(int more) {
        if (size + more > array.length) {
            array = Arrays.copyOf(array, Math.max(size + more, array.length * 2));
        }
    }
}
