package io.qbc.persistence.backup;

import io.qbc.bus.Catalogue.BackupState;
import io.qbc.bus.Catalogue.BackupStep;
import io.qbc.config.NodeConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory in which a node keeps its backups, each below a plain name; nothing is ever written elsewhere. */
record BackupDirectory(Path path, int max) {
    private static final Logger LOG = LoggerFactory.getLogger(BackupDirectory.class);
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]{0,63}");
    /** The names that the node makes up itself. */
    private static final Pattern TIME = Pattern.compile("[0-9]{8}T[0-9]{6}Z");

    private static final DateTimeFormatter TIME_FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    /** A dot is in no name, so that nobody can ask for what is not complete. */
    private static final String PART = ".part";

    static BackupDirectory of(NodeConfig config) {
        Path data = config.data().toAbsolutePath().normalize();
        String configured = config.backup().directory();
        Path path = configured.isBlank() ? data.resolveSibling(data.getFileName() + "-backups") : Path.of(configured);
        return new BackupDirectory(
                path.toAbsolutePath().normalize(), config.backup().max());
    }

    static boolean isName(String name) {
        return NAME.matcher(name).matches();
    }

    static String name(Instant time) {
        return TIME_FORMAT.format(time);
    }

    /** The name that is meant; one may be given as a path too, if it leads into this directory. */
    String name(String wanted) {
        try {
            Path given = Path.of(wanted).normalize();
            return path.equals(given.getParent()) ? given.getFileName().toString() : wanted;
        } catch (InvalidPathException e) {
            return wanted;
        }
    }

    Path of(String name) {
        return path.resolve(name);
    }

    /** Where a backup is made, until it is complete. */
    Path part(String name) {
        return path.resolve(name + PART);
    }

    boolean has(String name) {
        return Files.exists(of(name));
    }

    /** Whether one more finds room, if need be in the place of one that nobody gave a name. */
    boolean hasRoom() throws IOException {
        List<String> names = names();
        return names.size() < max || names.stream().anyMatch(TIME.asMatchPredicate());
    }

    /** The newest complete backup that can be read. */
    Optional<Previous> previous() throws IOException {
        if (!Files.isDirectory(path)) {
            return Optional.empty();
        }
        return names().stream()
                .flatMap(name -> read(of(name)).stream())
                .max(Comparator.comparingLong(previous -> previous.manifest().createdAt()));
    }

    /** A backup that is there already. */
    record Previous(Path path, BackupManifest manifest) {
        BackupState state() {
            return new BackupState(
                    BackupStep.DONE,
                    path.getFileName().toString(),
                    path.toString(),
                    manifest.bytes(),
                    manifest.bytes(),
                    0,
                    manifest.createdAt(),
                    Optional.of(manifest.createdAt()),
                    Optional.empty());
        }
    }

    private static Optional<Previous> read(Path backup) {
        try {
            return Optional.of(new Previous(backup, BackupManifest.read(backup)));
        } catch (IOException e) {
            LOG.warn("{} is not built upon: {}", backup, e.getMessage());
            return Optional.empty();
        }
    }

    /** Deletes what nodes left that ended while they made a backup. */
    void deleteParts() throws IOException {
        for (Path part : entries(name -> name.endsWith(PART))) {
            FileCopy.delete(part);
        }
    }

    /** Deletes the oldest backups that are too many, as far as nobody gave them a name. */
    void deleteOldest() throws IOException {
        List<String> names = names();
        List<String> unnamed =
                names.stream().filter(TIME.asMatchPredicate()).sorted().toList();
        for (int i = 0; i < Math.min(names.size() - max, unnamed.size() - 1); i++) {
            FileCopy.delete(of(unnamed.get(i)));
            LOG.info("deleted the backup {}, since there are more than {}", of(unnamed.get(i)), max);
        }
    }

    private List<String> names() throws IOException {
        return entries(BackupDirectory::isName).stream()
                .map(entry -> entry.getFileName().toString())
                .toList();
    }

    private List<Path> entries(Predicate<String> wanted) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(path)) {
            return all.filter(entry -> wanted.test(entry.getFileName().toString()))
                    .filter(Files::isDirectory)
                    .toList();
        }
    }
}
