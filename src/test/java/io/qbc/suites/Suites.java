package io.qbc.suites;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Other projects' test data, in the directory that {@code -Dsuites=DIR} names; without it their tests are skipped. */
final class Suites {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Suites() {}

    /** A file or directory of the data; skips the test that asks where there is no data. */
    static Path path(String name) {
        Optional<Path> root = Optional.ofNullable(System.getProperty("suites")).map(Path::of);
        assumeTrue(root.isPresent(), "-Dsuites=DIR names no directory of test data");
        Path path = root.get().resolve(name);
        if (!Files.exists(path)) {
            throw new AssertionError("there is no " + path.toAbsolutePath());
        }
        return path;
    }

    static JsonNode json(String name) {
        try {
            return JSON.readTree(path(name).toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
