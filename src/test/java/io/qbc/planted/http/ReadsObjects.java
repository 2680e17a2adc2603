package io.qbc.planted.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectInputStream;

/** Planted: reads objects in Java's own form. */
public final class ReadsObjects {
    private ReadsObjects() {}

    public static Object read(InputStream in) throws IOException, ClassNotFoundException {
        return new ObjectInputStream(in).readObject();
    }
}
