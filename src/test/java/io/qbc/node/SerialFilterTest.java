package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.qbc.Patience;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InvalidClassException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that runs the program reads no objects in Java's own form, whoever sends them. */
class SerialFilterTest {
    @TempDir
    Path directory;

    @Test
    void nothingIsReadOnceTheProgramRuns() throws Exception {
        assertThat(probe(List.of())).contains("after: refused");
    }

    @Test
    void aFilterThatWasNamedAtTheStartStays() throws Exception {
        assertThat(probe(List.of("-D" + SerialFilter.PROPERTY + "=java.util.*;java.lang.*;!*")))
                .contains("after: read [a]");
    }

    @Test
    void aMemberOfAClusterReadsExceptionsAndNothingElse() throws IOException, ClassNotFoundException {
        SerialFilter.permitFailures();
        IOException sent = new IOException("why", new IllegalStateException("because"));
        sent.addSuppressed(new IOException("too"));
        assertThat(read(sent)).asString().isEqualTo(sent.toString());
        assertThatThrownBy(() -> read(new HashMap<>(Map.of("a", "b")))).isInstanceOf(InvalidClassException.class);
        assertThatThrownBy(() -> read(new ArrayList<>(List.of(URI.create("http://127.0.0.1")))))
                .isInstanceOf(InvalidClassException.class);
    }

    private static Object read(Object sent) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(sent);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            in.setObjectInputFilter(new SerialFilter());
            return in.readObject();
        }
    }

    /** As where the program runs inside a process of somebody else's. */
    @Test
    void nothingIsReadAnyMoreInAProcessThatHasReadObjectsBefore() throws Exception {
        assertThat(probe(List.of(), "before")).contains("before: read [a]").contains("after: refused");
    }

    private String probe(List<String> jvm, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m"));
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), SerialFilterProbe.class.getName()));
        command.addAll(List.of(arguments));
        Path log = directory.resolve("log");
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(Patience.ended(process)).isTrue();
            assertThat(process.exitValue()).as(Files.readString(log)).isZero();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(log);
    }
}
