package io.qbc.persistence.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * A reader of RocksDB's log files, which write-ahead logs and manifests are, that refuses what RocksDB would pass over:
 * it takes some damage for the end of a log, and some it reads for ever. Blocks of 32 KiB hold records, whole or in
 * fragments; a fragment has its checksum, length and type before it.
 */
final class RecordLog {
    private static final int BLOCK_BYTES = 32 * 1024;
    private static final int HEADER_BYTES = 7;
    private static final int LENGTH_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;

    private static final int FULL = 1;
    private static final int FIRST = 2;
    private static final int MIDDLE = 3;
    private static final int LAST = 4;

    private static final int CHECKSUM_ROTATION = 17;
    private static final int CHECKSUM_DELTA = 0xa282ead8;

    private final Path file;
    private final Visitor visitor;
    private final CRC32C checksum = new CRC32C();
    private final byte[] bytes = new byte[BLOCK_BYTES];
    private final ByteBuffer block = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    private byte[] record = new byte[1024];
    private int recordBytes;
    private boolean begun;
    private long blockOffset;
    /** Where the record begins that is not whole yet. */
    private long recordOffset;

    private RecordLog(Path file, Visitor visitor) {
        this.file = file;
        this.visitor = visitor;
    }

    /** Takes each record as long as it is called. */
    @FunctionalInterface
    interface Visitor {
        /** Takes a record, which stands in the first {@code length} bytes. */
        void record(byte[] bytes, int length, long offset);
    }

    /**
     * How far a file is whole.
     *
     * @param bytes its size
     * @param whole where its last whole record ends; behind it is nothing, or what a write has left that did not end
     */
    record Extent(long bytes, long whole) {
        boolean torn() {
            return whole < bytes;
        }
    }

    /** Reads a file to its end, and fails if anything is wrong in it but a record at its end that is not whole. */
    static Extent read(Path file, Visitor visitor) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return new RecordLog(file, visitor).read(channel);
        }
    }

    private Extent read(FileChannel channel) throws IOException {
        for (fill(channel); block.hasRemaining(); fill(channel)) {
            int end = fragments();
            boolean full = block.limit() == BLOCK_BYTES && BLOCK_BYTES - end < HEADER_BYTES;
            if (!full) {
                long whole = begun ? recordOffset : blockOffset + end;
                requireZeros(channel, end);
                return new Extent(channel.size(), whole);
            }
            blockOffset += BLOCK_BYTES;
        }
        return new Extent(blockOffset, begun ? recordOffset : blockOffset);
    }

    private void fill(FileChannel channel) throws IOException {
        block.clear();
        long at = blockOffset;
        for (int read = 0; read >= 0 && block.hasRemaining(); at += read) {
            read = channel.read(block, at);
        }
        block.flip();
    }

    /** Reads the block's fragments, and gives where the last whole one ends. */
    private int fragments() {
        int at = 0;
        while (block.limit() - at >= HEADER_BYTES) {
            int length = block.getShort(at + LENGTH_OFFSET) & 0xffff;
            int type = block.get(at + TYPE_OFFSET) & 0xff;
            if (type == 0 && length == 0 && block.getInt(at) == 0) {
                return at;
            }
            if (type < FULL || type > LAST) {
                throw damage(at, "a record of the unknown type " + type);
            }
            if (length > BLOCK_BYTES - HEADER_BYTES - at) {
                throw damage(at, "a record that is longer than its block");
            }
            if (length > block.limit() - HEADER_BYTES - at) {
                return at;
            }
            if (block.getInt(at) != checksum(at, length)) {
                throw damage(at, "a record with a wrong checksum");
            }
            fragment(type, at, length);
            at += HEADER_BYTES + length;
        }
        return at;
    }

    private int checksum(int at, int length) {
        checksum.reset();
        checksum.update(bytes, at + TYPE_OFFSET, 1 + length);
        return Integer.rotateLeft((int) checksum.getValue(), CHECKSUM_ROTATION) + CHECKSUM_DELTA;
    }

    private void fragment(int type, int at, int length) {
        boolean first = type == FULL || type == FIRST;
        if (first == begun) {
            throw damage(at, begun ? "a record that does not end" : "a record that does not begin");
        }
        if (first) {
            recordOffset = blockOffset + at;
            recordBytes = 0;
        }
        if (record.length - recordBytes < length) {
            record = Arrays.copyOf(record, Math.max(2 * record.length, recordBytes + length));
        }
        System.arraycopy(bytes, at + HEADER_BYTES, record, recordBytes, length);
        recordBytes += length;
        begun = type == FIRST || type == MIDDLE;
        if (!begun) {
            visitor.record(record, recordBytes, recordOffset);
        }
    }

    /** Space that was set aside ends the records, so that nothing may stand behind it. */
    private void requireZeros(FileChannel channel, int end) throws IOException {
        if (block.limit() - end < HEADER_BYTES || block.get(end + TYPE_OFFSET) != 0) {
            return;
        }
        long gap = blockOffset + end;
        for (int from = end; block.hasRemaining(); from = 0) {
            for (int at = from; at < block.limit(); at++) {
                if (block.get(at) != 0) {
                    throw StoreDamage.at(file, gap, "a gap, with something behind it");
                }
            }
            blockOffset += block.limit();
            fill(channel);
        }
    }

    private StoreException damage(int at, String what) {
        return StoreDamage.at(file, blockOffset + at, what);
    }
}
