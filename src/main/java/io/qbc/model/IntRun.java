package io.qbc.model;

import java.util.Arrays;

/** A growing run of ints without boxes. */
final class IntRun {
    private int[] array;
    private int size;

    IntRun(int capacity) {
        array = new int[capacity];
    }

    void add(int one, int two) {
        room(2);
        array[size++] = one;
        array[size++] = two;
    }

    void add(int one, int two, int three) {
        room(3);
        array[size++] = one;
        array[size++] = two;
        array[size++] = three;
    }

    /** Takes back what was added after it had this size. */
    void cut(int to) {
        size = to;
    }

    int size() {
        return size;
    }

    /** The array behind it, to read only, until the next addition. */
    int[] array() {
        return array;
    }

    int[] toArray() {
        return Arrays.copyOf(array, size);
    }

    private void room(int more) {
        if (size + more > array.length) {
            array = Arrays.copyOf(array, array.length * 2);
        }
    }
}
