package io.qbc.node;

import io.qbc.Main;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A process in which a command runs, and which then tries to read an object in Java's own form. */
public final class SerialFilterProbe {
    private SerialFilterProbe() {}

    /** Prints whether it was refused; the argument {@code before} reads an object before the command as well. */
    public static void main(String[] arguments) throws IOException, ClassNotFoundException {
        PrintStream out = System.out;
        if (arguments.length > 0) {
            out.println("before: " + read());
        }
        Main.main(new String[] {"--version"});
        out.println("after: " + read());
    }

    private static String read() throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(new ArrayList<>(List.of("a")));
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return "read " + in.readObject();
        } catch (InvalidClassException e) {
            return "refused";
        }
    }
}
