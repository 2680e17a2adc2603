package io.qbc.model;

import java.util.Arrays;

/** Writes the big-endian, length-prefixed fields of format 1 into a growing array. */
public final class Encoder {
    private byte[] array;
    private int size;

    public Encoder(int capacity) {
        array = new byte[Math.max(capacity, 16)];
    }

    public Encoder u8(int value) {
        room(1);
        array[size++] = (byte) value;
        return this;
    }

    public Encoder u32(int value) {
        room(4);
        array[size] = (byte) (value >>> 24);
        array[size + 1] = (byte) (value >>> 16);
        array[size + 2] = (byte) (value >>> 8);
        array[size + 3] = (byte) value;
        size += 4;
        return this;
    }

    public Encoder u64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    public Encoder hash(Hash hash) {
        room(Hash.BYTES);
        hash.write(array, size);
        size += Hash.BYTES;
        return this;
    }

    /** The bytes alone, with no length before them. */
    public Encoder raw(byte[] bytes) {
        room(bytes.length);
        System.arraycopy(bytes, 0, array, size, bytes.length);
        size += bytes.length;
        return this;
    }

    /** The bytes alone, with no length before them. */
    public Encoder raw(Bytes bytes) {
        room(bytes.size());
        System.arraycopy(bytes.array(), bytes.offset(), array, size, bytes.size());
        size += bytes.size();
        return this;
    }

    /** A {@code bytes} field: a 4-byte length and the bytes. */
    public Encoder bytes(Bytes bytes) {
        return u32(bytes.size()).raw(bytes);
    }

    public int size() {
        return size;
    }

    /** The array in use, valid up to {@link #size()} until the next write. */
    public byte[] array() {
        return array;
    }

    public byte[] toArray() {
        return size == array.length ? array : Arrays.copyOf(array, size);
    }

    public Bytes toBytes() {
        return Bytes.wrap(array, 0, size);
    }

    private void room(int more) {
        if (size + more > array.length) {
            array = Arrays.copyOf(array, Math.max(size + more, array.length * 2));
        }
    }
}
