package io.qbc.persistence.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import org.rocksdb.SstFileReaderIterator;

/**
 * One of the store's table files, read from the disk and past all that is remembered of it, so that the checksum of
 * each of its blocks is compared. It may be read while the store is open; used by one thread.
 */
public final class TableFile implements AutoCloseable {
    private static final String END = ".sst";
    private static final int READ_AHEAD_BYTES = 128 * 1024;

    private final Path file;
    private final long bytes;
    private final Options options;
    private final ReadOptions reading;
    private final SstFileReader reader;
    private final SstFileReaderIterator entries;
    private final long count;

    private TableFile(Path file, long bytes) throws RocksDBException {
        this.file = file;
        this.bytes = bytes;
        options = new Options().setTableFormatConfig(new BlockBasedTableConfig().setNoBlockCache(true));
        reading = new ReadOptions()
                .setVerifyChecksums(true)
                .setFillCache(false)
                .setTotalOrderSeek(true)
                .setReadaheadSize(READ_AHEAD_BYTES);
        reader = new SstFileReader(options);
        try {
            reader.open(file.toString());
            count = reader.getTableProperties().getNumEntries();
            entries = reader.newIterator(reading);
            entries.seekToFirst();
        } catch (RocksDBException e) {
            reader.close();
            reading.close();
            options.close();
            throw e;
        }
    }

    /** The table files of a store at present, the oldest first. */
    public static List<Path> all(Path store) {
        try (Stream<Path> files = Files.list(store)) {
            return files.filter(file -> file.toString().endsWith(END)).sorted().toList();
        } catch (IOException e) {
            throw StoreException.corrupt("the directory " + store + " cannot be listed: " + e);
        }
    }

    /** Opens a table file; a {@link StoreException} names it if it is damaged. */
    public static TableFile open(Path file) {
        try {
            return new TableFile(file, Files.size(file));
        } catch (RocksDBException e) {
            throw RocksStore.fault("reading " + file, e);
        } catch (IOException e) {
            throw StoreException.corrupt("the file " + file + " cannot be read: " + e);
        }
    }

    /** Compares the checksum of every block of a file, also of those that hold no entries. */
    static void check(Path file) {
        try (Options options = new Options().setTableFormatConfig(new BlockBasedTableConfig().setNoBlockCache(true));
                SstFileReader reader = new SstFileReader(options)) {
            reader.open(file.toString());
            reader.verifyChecksum();
        } catch (RocksDBException e) {
            throw StoreException.corrupt("checking " + file + " failed: " + e.getMessage());
        }
    }

    public Path file() {
        return file;
    }

    public long bytes() {
        return bytes;
    }

    /** Reads on, about so many bytes; false at the end of the file. */
    public boolean read(long bytesMax) {
        long some = Math.max(1, (long) (bytesMax * ((double) count / Math.max(1, bytes))));
        for (long i = 0; i < some && entries.isValid(); i++) {
            entries.next();
        }
        if (entries.isValid()) {
            return true;
        }
        try {
            entries.status();
            return false;
        } catch (RocksDBException e) {
            throw RocksStore.fault("reading " + file, e);
        }
    }

    @Override
    public void close() {
        entries.close();
        reader.close();
        reading.close();
        options.close();
    }
}
