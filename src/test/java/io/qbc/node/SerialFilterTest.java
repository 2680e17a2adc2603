package io.qbc.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.qbc.Patience;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
