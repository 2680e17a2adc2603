package io.qbc.persistence;

import io.qbc.config.PrivateDirectory;
import io.qbc.model.Reason;
import io.qbc.persistence.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/** The right to use a data directory alone, held by a lock on a file in it for as long as the process lives. */
final class DataLock implements AutoCloseable {
    private final FileChannel channel;

    private DataLock(FileChannel channel) {
        this.channel = channel;
    }

    /** Takes the lock, or fails with a message for people if another node has it. */
    static DataLock take(Path data) {
        try {
            PrivateDirectory.make(data);
            FileChannel channel =
                    FileChannel.open(data.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (locked(channel).isPresent()) {
                return new DataLock(channel);
            }
            channel.close();
        } catch (IOException e) {
            throw new StoreException(Reason.INTERNAL, "the data directory " + data + " cannot be used: " + e, e);
        }
        throw new StoreException(Reason.BUSY, "another node uses the data directory " + data);
    }

    private static Optional<FileLock> locked(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException e) {
            // Another node inside this same process.
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new StoreException(Reason.INTERNAL, "the lock cannot be released: " + e, e);
        }
    }
}
