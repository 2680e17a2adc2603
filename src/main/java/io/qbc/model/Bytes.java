package io.qbc.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** An immutable run of bytes, possibly a view into a larger array that nobody changes any more. */
public final class Bytes implements Comparable<Bytes> {
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private final byte[] array;
    private final int offset;
    private final int size;

    private Bytes(byte[] array, int offset, int size) {
        this.array = array;
        this.offset = offset;
        this.size = size;
    }

    /** Takes the array over without a copy; the caller must not change it afterwards. */
    public static Bytes wrap(byte[] array) {
        return new Bytes(array, 0, array.length);
    }

    /** Takes over {@code size} bytes from {@code offset} without a copy; the caller must not change them afterwards. */
    public static Bytes wrap(byte[] array, int offset, int size) {
        if (offset < 0 || size < 0 || offset > array.length - size) {
            throw new IndexOutOfBoundsException(offset + "+" + size + " of " + array.length);
        }
        return new Bytes(array, offset, size);
    }

    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Bytes hex(String digits) {
        return wrap(HexFormat.of().parseHex(digits));
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** The array behind this view, to read only, from {@link #offset()} on for {@link #size()} bytes. */
    public byte[] array() {
        return array;
    }

    public int offset() {
        return offset;
    }

    public byte[] toArray() {
        return Arrays.copyOfRange(array, offset, offset + size);
    }

    /** A view of a part of this run. */
    public Bytes slice(int from, int count) {
        if (from < 0 || count < 0 || from > size - count) {
            throw new IndexOutOfBoundsException(from + "+" + count + " of " + size);
        }
        return new Bytes(array, offset + from, count);
    }

    /** The same run in an array of its own, so that it does not keep a larger one in memory. */
    public Bytes detached() {
        return size == array.length ? this : wrap(toArray());
    }

    public String text() {
        return new String(array, offset, size, StandardCharsets.UTF_8);
    }

    public String hex() {
        return HexFormat.of().formatHex(array, offset, offset + size);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes o
                && Arrays.equals(array, offset, offset + size, o.array, o.offset, o.offset + o.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = offset; i < offset + size; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** Orders byte by byte as unsigned numbers, a prefix before what it begins. */
    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(
                array, offset, offset + size, other.array, other.offset, other.offset + other.size);
    }

    @Override
    public String toString() {
        return hex();
    }
}
