package io.qbc.persistence.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The names of RocksDB's files in a directory. */
record StoreFiles(Path directory) {
    private static final Pattern CURRENT_TEXT = Pattern.compile("MANIFEST-(\\d{6,18})\n");
    private static final Pattern LOG = Pattern.compile("(\\d{6,18})\\.log");
    private static final Pattern DATA = Pattern.compile("CURRENT|MANIFEST-\\d+|\\d+\\.(log|sst)");

    private static final int DIGITS_MIN = 6;

    Path current() {
        return directory.resolve("CURRENT");
    }

    Path manifest(long number) {
        return directory.resolve("MANIFEST-" + six(number));
    }

    Path log(long number) {
        return directory.resolve(six(number) + ".log");
    }

    Path table(long number) {
        return directory.resolve(six(number) + ".sst");
    }

    /** A number as RocksDB writes it; a formatter would load the data of a locale for it at each start. */
    private static String six(long number) {
        String digits = Long.toString(number);
        return "0".repeat(Math.max(0, DIGITS_MIN - digits.length())) + digits;
    }

    /** The number of the manifest in use; nothing if the file that names it says something else. */
    Optional<Long> manifestInUse() throws IOException {
        Matcher name = CURRENT_TEXT.matcher(new String(Files.readAllBytes(current()), StandardCharsets.ISO_8859_1));
        return name.matches() ? Optional.of(Long.parseLong(name.group(1))) : Optional.empty();
    }

    /** Whether anything is here that a store may need. */
    boolean any() throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.anyMatch(
                    file -> DATA.matcher(file.getFileName().toString()).matches());
        }
    }

    /** The sizes of the write-ahead logs, by number. */
    SortedMap<Long, Long> logs() throws IOException {
        SortedMap<Long, Long> logs = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Matcher name = LOG.matcher(file.getFileName().toString());
                if (name.matches()) {
                    size(file).ifPresent(bytes -> logs.put(Long.parseLong(name.group(1)), bytes));
                }
            }
        }
        return logs;
    }

    /** Nothing if it is gone meanwhile. */
    static Optional<Long> size(Path file) throws IOException {
        try {
            return Optional.of(Files.size(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
