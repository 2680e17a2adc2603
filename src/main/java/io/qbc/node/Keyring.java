package io.qbc.node;

import io.qbc.cli.KeysCommand;
import io.qbc.config.ConfigException;
import io.qbc.model.Bytes;
import io.qbc.model.Signer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The keys in a data directory: the node's identity, and those with a name in {@code keys}. */
public final class Keyring implements KeysCommand.Ring {
    static final String DIRECTORY = "keys";
    private static final String END = ".key";

    @Override
    public Bytes make(Path data, Optional<String> name) {
        return KeyFile.open(file(data, name)).key();
    }

    @Override
    public Optional<Bytes> find(Path data, Optional<String> name) {
        return KeyFile.find(file(data, name)).map(Signer::key);
    }

    @Override
    public SortedMap<String, Bytes> named(Path data) {
        Path directory = data.resolve(DIRECTORY);
        SortedMap<String, Bytes> keys = new TreeMap<>();
        for (Path file : files(directory)) {
            String name = file.getFileName().toString();
            KeyFile.find(file)
                    .ifPresent(signer -> keys.put(name.substring(0, name.length() - END.length()), signer.key()));
        }
        return keys;
    }

    /** A key by its file, to sign with; nothing if there is no file. */
    public static Optional<Signer> signer(Path file) {
        return KeyFile.find(file);
    }

    /** The files with secret keys in a directory; none if it is not there. */
    static List<Path> files(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(END)).toList();
        } catch (IOException e) {
            throw new ConfigException(directory + " cannot be read (" + e + ")");
        }
    }

    private static Path file(Path data, Optional<String> name) {
        return name.map(chosen -> data.resolve(DIRECTORY).resolve(chosen + END))
                .orElseGet(() -> data.resolve(Identity.FILE));
    }
}
