package io.qbc.projection.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaScriptsTest {
    /** A script that is not named would never run. */
    @ParameterizedTest
    @EnumSource(Dialect.class)
    void everyScriptOfTheDirectoryIsNamedAndRead(Dialect dialect) throws IOException {
        SchemaScripts scripts = new SchemaScripts(dialect);
        Path directory =
                Path.of("src/main/resources" + SchemaScripts.DIRECTORY + (dialect == Dialect.H2 ? "h2" : "postgresql"));
        List<Path> files;
        try (Stream<Path> all = Files.list(directory)) {
            files = all.sorted().toList();
        }
        assertThat(files)
                .extracting(file -> file.getFileName().toString())
                .containsExactlyElementsOf(SchemaScripts.NAMES);
        assertThat(scripts.getResources("V", new String[] {".sql"})).hasSameSizeAs(files);
        assertThat(scripts.getResources("R", new String[] {".sql"})).isEmpty();
        for (Path file : files) {
            StringWriter text = new StringWriter();
            try (Reader script =
                    scripts.getResource(file.getFileName().toString()).read()) {
                script.transferTo(text);
            }
            assertThat(text).hasToString(Files.readString(file));
        }
    }
}
