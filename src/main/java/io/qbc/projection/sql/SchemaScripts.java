package io.qbc.projection.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.flywaydb.core.api.ResourceProvider;
import org.flywaydb.core.api.resource.LoadableResource;

/** The scripts of the node's own tables, by name: a jar need not have its directories listed for them to be found. */
final class SchemaScripts implements ResourceProvider {
    static final String DIRECTORY = "/db/projection/";
    /** All of them, in each directory of a database. */
    static final List<String> NAMES = List.of("V1__progress.sql");

    private final String directory;

    SchemaScripts(Dialect dialect) {
        directory = DIRECTORY + (dialect == Dialect.H2 ? "h2/" : "postgresql/");
    }

    @Override
    public LoadableResource getResource(String name) {
        return NAMES.contains(name) ? new Script(directory, name) : null;
    }

    @Override
    public Collection<LoadableResource> getResources(String prefix, String[] suffixes) {
        return NAMES.stream()
                .filter(name ->
                        name.startsWith(prefix) && Arrays.stream(suffixes).anyMatch(name::endsWith))
                .map(name -> (LoadableResource) new Script(directory, name))
                .toList();
    }

    /** One script. */
    private static final class Script extends LoadableResource {
        private final String directory;
        private final String name;

        Script(String directory, String name) {
            this.directory = directory;
            this.name = name;
        }

        @Override
        public Reader read() {
            try (InputStream in = Optional.ofNullable(SchemaScripts.class.getResourceAsStream(directory + name))
                    .orElseThrow(() -> new IllegalStateException("the script " + directory + name + " is missing"))) {
                return new StringReader(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String getAbsolutePath() {
            return directory + name;
        }

        @Override
        public String getAbsolutePathOnDisk() {
            return directory + name;
        }

        @Override
        public String getFilename() {
            return name;
        }

        @Override
        public String getRelativePath() {
            return name;
        }
    }
}
