package io.qbc.persistence.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * The groups of writes in write-ahead logs that are read one after the other. Each group ends with a row that has its
 * number; those of the version that did not number them end otherwise.
 */
final class WriteGroups {
    /** What RocksDB has in a batch before the value of such a row: a value of the first space, its key, the size. */
    private static final byte[] ROW = row();

    private static final long NONE = 0;

    private Optional<Path> torn = Optional.empty();
    private Path file = Path.of("");
    private long previous = NONE;
    private long last = NONE;

    private static byte[] row() {
        byte[] key = StoreKeys.group();
        byte[] row = new byte[key.length + 3];
        row[0] = 1;
        row[1] = (byte) key.length;
        System.arraycopy(key, 0, row, 2, key.length);
        row[row.length - 1] = Long.BYTES;
        return row;
    }

    /** Reads a log, whose number is above those of all before, and fails if it is damaged or something is missing. */
    void read(Path log) throws IOException {
        file = log;
        RecordLog.Extent extent = RecordLog.read(log, this::group);
        if (extent.torn()) {
            torn = torn.or(() -> Optional.of(log));
        }
    }

    /** The number of the last numbered group, or 0. */
    long last() {
        return last;
    }

    private void group(byte[] bytes, int length, long offset) {
        if (torn.isPresent()) {
            throw StoreDamage.of(torn.get(), "does not end with a whole record, but " + file + " follows it");
        }
        int at = length - ROW.length - Long.BYTES;
        boolean numbered = at >= 0 && Arrays.equals(bytes, at, at + ROW.length, ROW, 0, ROW.length);
        long number = numbered ? StoreKeys.number(bytes, length - Long.BYTES) : NONE;
        if (numbered && previous != NONE && number != previous && number != previous + 1) {
            throw StoreDamage.at(
                    file, offset, "group " + number + " of the writes follows " + previous + "; some are missing");
        }
        previous = number;
        last = Math.max(last, number);
    }
}
