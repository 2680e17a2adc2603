package io.qbc.projection;

import io.qbc.config.DamagedFileException;
import io.qbc.config.DirectorySync;
import io.qbc.config.PrivateDirectory;
import io.qbc.config.PrivateFile;
import io.qbc.config.StoredJson;
import io.qbc.json.JsonTree;
import io.qbc.model.Bytes;
import io.qbc.model.Hash;
import io.qbc.projection.mapping.Mapping;
import io.qbc.projection.mapping.MappingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The file of a projection in the data directory, {@code projections/NAME/definition.json}; blocks. */
final class DefinitionFile {
    private static final String FILE = "definition.json";

    private final Path directory;

    DefinitionFile(Path directory) {
        this.directory = directory;
    }

    /** The directories of all projections in a directory, in the order of their names. */
    static List<Path> directories(Path projections) throws IOException {
        if (!Files.isDirectory(projections)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(projections)) {
            return found.filter(path -> Files.exists(path.resolve(FILE)))
                    .sorted()
                    .toList();
        }
    }

    Definition read() throws IOException {
        Path file = directory.resolve(FILE);
        Map<String, Object> members = StoredJson.read(file);
        String name = directory.getFileName().toString();
        try {
            return new Definition(
                    name,
                    Mapping.read(name, Bytes.utf8(String.valueOf(members.get("mapping")))),
                    Hash.parse(String.valueOf(members.get("chain"))),
                    Boolean.TRUE.equals(members.get("paused")),
                    Boolean.TRUE.equals(members.get("rebuild")));
        } catch (MappingException e) {
            throw new DamagedFileException(file, e.pointer() + ": " + e.getMessage());
        }
    }

    void write(Definition definition) throws IOException {
        PrivateDirectory.make(directory);
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("mapping", definition.mapping().canonical().text());
        members.put("chain", definition.chain().map(Hash::hex).orElse(""));
        members.put("paused", definition.paused());
        members.put("rebuild", definition.rebuild());
        PrivateFile.write(directory.resolve(FILE), StoredJson.sealed(JsonTree.write(members)));
        DirectorySync.force(directory.toAbsolutePath().getParent());
    }

    /** Removes the definition, and then all else that is in its directory. */
    void delete() throws IOException {
        Files.deleteIfExists(directory.resolve(FILE));
        DirectorySync.force(directory);
        try (Stream<Path> found = Files.walk(directory)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (NoSuchFileException e) {
            return;
        }
        DirectorySync.force(directory.toAbsolutePath().getParent());
    }
}
