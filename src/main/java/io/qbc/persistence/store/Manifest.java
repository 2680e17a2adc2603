package io.qbc.persistence.store;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a manifest of RocksDB says of the files of a store: its edits, one after the other, in the form of RocksDB's
 * {@code VersionEdit}.
 */
final class Manifest {
    private static final int COMPARATOR = 1;
    private static final int LOG_NUMBER = 2;
    private static final int NEXT_FILE_NUMBER = 3;
    private static final int LAST_SEQUENCE = 4;
    private static final int COMPACT_CURSOR = 5;
    private static final int DELETED_FILE = 6;
    private static final int PREVIOUS_LOG_NUMBER = 9;
    private static final int OLDEST_LOG_TO_KEEP = 10;
    private static final int NEW_FILE = 103;
    private static final int FAMILY = 200;
    private static final int FAMILY_ADDED = 201;
    private static final int FAMILY_DROPPED = 202;
    private static final int HIGHEST_FAMILY = 203;
    private static final int IN_ATOMIC_GROUP = 300;
    /** Entries with this bit have their length before them, so that who does not know them may go on behind them. */
    private static final int SKIPPABLE = 1 << 13;

    private static final int NEW_FILE_END = 1;

    /** The first space is there without an entry. */
    private final Map<Integer, String> families = new HashMap<>(Map.of(0, "default"));

    private final Map<Integer, Long> logNumbers = new HashMap<>();
    private final Map<Long, Long> tables = new TreeMap<>();
    private final Path file;
    private long oldestLogToKeep;
    private boolean empty = true;

    private Manifest(Path file) {
        this.file = file;
    }

    /**
     * Reads a manifest, and fails if it is damaged.
     *
     * @param certain how much of it was on the disk for sure, so that a record that is not whole was so before
     */
    static Manifest read(Path file, long certain) throws IOException {
        Manifest manifest = new Manifest(file);
        RecordLog.Extent extent = RecordLog.read(file, manifest::edit);
        if (extent.bytes() < certain) {
            throw StoreDamage.of(file, "has " + extent.bytes() + " bytes, but had " + certain);
        }
        if ((extent.torn() && extent.whole() < certain) || manifest.empty) {
            throw StoreDamage.at(file, extent.whole(), "a record that is not whole");
        }
        return manifest;
    }

    /** The names of the spaces. */
    Set<String> families() {
        return Set.copyOf(families.values());
    }

    /** The sizes of the table files in use, by number. */
    Map<Long, Long> tables() {
        return tables;
    }

    /** The number from which on write-ahead logs are needed; what is in older ones is in tables. */
    long firstLog() {
        long oldest = families.keySet().stream()
                .mapToLong(family -> logNumbers.getOrDefault(family, 0L))
                .min()
                .orElse(0);
        return Math.max(oldest, oldestLogToKeep);
    }

    private void edit(byte[] bytes, int length, long offset) {
        empty = false;
        try {
            new Edit(ByteBuffer.wrap(bytes, 0, length)).apply();
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw StoreDamage.at(file, offset, "a record that cannot be read (" + e + ")");
        }
    }

    /** One edit as it is read. */
    private final class Edit {
        private final ByteBuffer in;
        private int family;
        private long logNumber = -1;

        Edit(ByteBuffer in) {
            this.in = in;
        }

        void apply() {
            while (in.hasRemaining()) {
                entry((int) number());
            }
            if (logNumber >= 0 && families.containsKey(family)) {
                logNumbers.put(family, logNumber);
            }
        }

        private void entry(int tag) {
            switch (tag) {
                case LOG_NUMBER -> logNumber = number();
                case OLDEST_LOG_TO_KEEP -> oldestLogToKeep = Math.max(oldestLogToKeep, number());
                case FAMILY -> family = (int) number();
                case FAMILY_ADDED -> families.put(family, new String(bytes(), StandardCharsets.ISO_8859_1));
                case FAMILY_DROPPED -> {
                    families.remove(family);
                    logNumbers.remove(family);
                }
                case NEW_FILE -> newFile();
                case DELETED_FILE -> {
                    number();
                    tables.remove(number());
                }
                case COMPACT_CURSOR -> {
                    number();
                    bytes();
                }
                case COMPARATOR -> bytes();
                case NEXT_FILE_NUMBER, LAST_SEQUENCE, PREVIOUS_LOG_NUMBER, HIGHEST_FAMILY, IN_ATOMIC_GROUP -> number();
                default -> {
                    if ((tag & SKIPPABLE) == 0) {
                        throw new IllegalArgumentException("an unknown entry " + tag);
                    }
                    bytes();
                }
            }
        }

        private void newFile() {
            number();
            long file = number();
            tables.put(file, number());
            bytes();
            bytes();
            number();
            number();
            while (number() != NEW_FILE_END) {
                bytes();
            }
        }

        private long number() {
            long number = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                byte part = in.get();
                number |= (part & 0x7fL) << shift;
                if (part >= 0) {
                    return number;
                }
            }
            throw new IllegalArgumentException("a number that does not end");
        }

        private byte[] bytes() {
            long length = number();
            if (length > in.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] bytes = new byte[(int) length];
            in.get(bytes);
            return bytes;
        }
    }
}
