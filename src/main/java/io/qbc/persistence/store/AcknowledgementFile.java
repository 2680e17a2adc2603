package io.qbc.persistence.store;

import io.qbc.config.DirectorySync;
import io.qbc.persistence.store.Acknowledgement.Slot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * A file beside the store with two slots for acknowledgements, written in turn, so that one of them is whole whatever
 * happens to a write. What is written survives the end of the process at once, and a power cut once it is forced. One
 * thread writes at a time; another one may force meanwhile.
 */
final class AcknowledgementFile implements AutoCloseable {
    private static final int SLOTS_COUNT = 2;
    /** Each in a part of the disk of its own. */
    private static final int SLOT_DISTANCE_BYTES = 4096;

    private static final int FILE_BYTES = SLOTS_COUNT * SLOT_DISTANCE_BYTES;

    private final FileChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(Acknowledgement.SLOT_BYTES_MAX);
    private final CRC32C checksum = new CRC32C();
    private long sequence;
    private volatile boolean changed;

    private AcknowledgementFile(FileChannel channel, long sequence) {
        this.channel = channel;
        this.sequence = sequence;
    }

    /** The file of the store in a directory. */
    static Path of(Path store) {
        return store.resolveSibling(store.getFileName() + ".acknowledged");
    }

    /** Reads the newest slot that is whole; nothing if there is no file. */
    static Optional<Acknowledgement> read(Path file) throws IOException {
        return Files.exists(file) ? Optional.of(slot(file).acknowledgement()) : Optional.empty();
    }

    private static Slot slot(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
        return Stream.of(0, 1)
                .flatMap(number -> at(bytes, number * SLOT_DISTANCE_BYTES).stream())
                .max(Comparator.comparingLong(Slot::sequence))
                .orElseThrow(() -> StoreDamage.of(
                        file, "is damaged, so that nobody knows whether the store has all that was acknowledged"));
    }

    private static Optional<Slot> at(ByteBuffer bytes, int offset) {
        int end = Math.min(bytes.limit(), offset + Acknowledgement.SLOT_BYTES_MAX);
        return offset < end ? Acknowledgement.decode(bytes.slice(offset, end - offset)) : Optional.empty();
    }

    /** Makes the file at once and for good. */
    static void create(Path file, Acknowledgement first) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                        fresh,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING);
                AcknowledgementFile made = new AcknowledgementFile(channel, 0)) {
            channel.write(ByteBuffer.allocate(FILE_BYTES), 0);
            made.write(first);
            made.write(first);
            made.force();
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        DirectorySync.force(file.toAbsolutePath().getParent());
    }

    /** Opens a file that is there to write it. */
    static AcknowledgementFile open(Path file) throws IOException {
        return new AcknowledgementFile(
                FileChannel.open(file, StandardOpenOption.WRITE), slot(file).sequence());
    }

    /** Writes an acknowledgement into the slot that is not the newest. */
    void write(Acknowledgement acknowledgement) throws IOException {
        acknowledgement.encode(++sequence, buffer, checksum);
        put();
    }

    /** As {@link #write}, of an acknowledgement that is the last one but for how far was acknowledged. */
    void advance(long groups) throws IOException {
        Acknowledgement.advance(++sequence, groups, buffer, checksum);
        put();
    }

    private void put() throws IOException {
        long at = sequence % SLOTS_COUNT * SLOT_DISTANCE_BYTES;
        while (buffer.hasRemaining()) {
            at += channel.write(buffer, at);
        }
        changed = true;
    }

    /** Makes what was written safe from a power cut. */
    void force() throws IOException {
        if (changed) {
            changed = false;
            channel.force(false);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
