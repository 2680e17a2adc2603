package io.qbc.model;

/**
 * Reads the big-endian, length-prefixed fields of format 1. A read past the end, or a length above the limit given,
 * marks the decoder as failed; from then on every read gives zero or empty, so that a caller asks once, at the end.
 */
public final class Decoder {
    private final Bytes bytes;
    private int at;
    private boolean failed;

    public Decoder(Bytes bytes) {
        this.bytes = bytes;
    }

    public int u8() {
        return has(1) ? bytes.array()[bytes.offset() + at++] & 0xff : 0;
    }

    public int u32() {
        if (!has(4)) {
            return 0;
        }
        byte[] a = bytes.array();
        int i = bytes.offset() + at;
        at += 4;
        return (a[i] & 0xff) << 24 | (a[i + 1] & 0xff) << 16 | (a[i + 2] & 0xff) << 8 | (a[i + 3] & 0xff);
    }

    public long u64() {
        if (!has(8)) {
            return 0;
        }
        long high = u32();
        return high << 32 | (u32() & 0xffffffffL);
    }

    public Hash hash() {
        if (!has(Hash.BYTES)) {
            return Hash.ZERO;
        }
        at += Hash.BYTES;
        return Hash.at(bytes.array(), bytes.offset() + at - Hash.BYTES);
    }

    /** A view of the next {@code size} bytes. */
    public Bytes raw(int size) {
        if (size < 0 || !has(size)) {
            failed = true;
            return Bytes.EMPTY;
        }
        at += size;
        return bytes.slice(at - size, size);
    }

    /** A {@code bytes} field of at most {@code sizeMax} bytes. */
    public Bytes bytes(int sizeMax) {
        int size = u32();
        if (size < 0 || size > sizeMax) {
            failed = true;
            return Bytes.EMPTY;
        }
        return raw(size);
    }

    /** How many bytes have been read. */
    public int position() {
        return at;
    }

    public int remaining() {
        return failed ? 0 : bytes.size() - at;
    }

    public boolean failed() {
        return failed;
    }

    /** Whether everything was read, and nothing past the end. */
    public boolean complete() {
        return !failed && at == bytes.size();
    }

    private boolean has(int count) {
        failed |= bytes.size() - at < count;
        return !failed;
    }
}
