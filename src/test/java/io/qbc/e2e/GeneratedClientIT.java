package io.qbc.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java client that the build has openapi-generator make of the API document. */
@DisplayName("A generated client")
class GeneratedClientIT {
    private static final Path SOURCES = Path.of(System.getProperty("qbc.client", "target/generated-client"));
    private static final Path TOUR = Path.of("src/test/resources/client/Tour.java");

    @Test
    @DisplayName("compiles, and injects, leaps and reads")
    void tour(@TempDir Path home, @TempDir Path classes) throws Exception {
        compile(classes);
        try (NodeProcess node = NodeProcess.start(Plan.in(home).environment("QBC_LEAP_AGE", "0s"));
                URLClassLoader loader = new URLClassLoader(
                        new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            Map<?, ?> seen = (Map<?, ?>) tour(loader).apply(node.url());
            assertThat((Long) seen.remove("timestamp")).isGreaterThan(1L << 32);
            assertThat(seen.toString())
                    .isEqualTo("{injected=pending, leaped=1, found=committed, data={order=4711}, again=committed, "
                            + "head=true, quants=2, chains=1, writable=true, unknown=404}");
        }
    }

    @SuppressWarnings("unchecked")
    private static Function<String, Object> tour(ClassLoader loader) throws ReflectiveOperationException {
        return (Function<String, Object>)
                loader.loadClass("Tour").getDeclaredConstructor().newInstance();
    }

    private static void compile(Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options = List.of(
                "-proc:none", "-nowarn", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
        StringWriter faults = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> generated = Files.walk(SOURCES.resolve("src/main/java"))) {
            List<Path> sources = Stream.concat(
                            generated.filter(file -> file.toString().endsWith(".java")), Stream.of(TOUR))
                    .toList();
            boolean done = compiler.getTask(
                            faults, files, null, options, null, files.getJavaFileObjectsFromPaths(sources))
                    .call();
            assertThat(done).as(faults.toString()).isTrue();
        }
    }
}
