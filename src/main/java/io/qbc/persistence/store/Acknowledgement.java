package io.qbc.persistence.store;

import io.qbc.model.Bytes;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * How far writes were acknowledged, and what files of the store were on the disk by then; kept outside of the store,
 * which cannot tell by itself whether it has lost its end.
 *
 * @param state how far the store has come
 * @param store the store's id, which stands in it too
 * @param groups the number of the last group of writes that was acknowledged
 * @param manifest the number of the manifest in use
 * @param manifestBytes how much of it was on the disk for sure
 * @param logs bytes that were on the disk for sure of each write-ahead log, by number; the newest ones only
 */
record Acknowledgement(
        State state, Bytes store, long groups, long manifest, long manifestBytes, SortedMap<Long, Long> logs) {
    static final int STORE_BYTES = 16;
    static final int LOGS_MAX = 16;
    static final int SLOT_BYTES_MAX = 512;

    private static final long MAGIC = 0x5142434c41434b01L;
    private static final int CHECKSUM_OFFSET = 60;
    private static final int LOGS_OFFSET = 64;
    private static final int LOG_BYTES = 2 * Long.BYTES;

    Acknowledgement {
        logs = new TreeMap<>(logs);
        while (logs.size() > LOGS_MAX) {
            logs.remove(logs.firstKey());
        }
    }

    /** Stages of a store's life, in which different things may be missing. */
    enum State {
        /** It is being made, and nothing in it was acknowledged. */
        MAKING('m'),
        /** It was made by a version that kept no acknowledgements. */
        ADOPTING('a'),
        /** It is written. */
        OPEN('o'),
        /** It was closed, with all writes in tables. */
        CLOSED('c');

        private final byte code;

        State(char code) {
            this.code = (byte) code;
        }

        static Optional<State> of(byte code) {
            return Arrays.stream(values()).filter(state -> state.code == code).findFirst();
        }
    }

    /**
     * An acknowledgement as it was written.
     *
     * @param sequence which write it was
     */
    record Slot(long sequence, Acknowledgement acknowledgement) {}

    static Acknowledgement begun(State state, Bytes store) {
        return new Acknowledgement(state, store, 0, 0, 0, new TreeMap<>());
    }

    /** Whether the store may have no id yet. */
    boolean unfinished() {
        return state == State.MAKING || state == State.ADOPTING;
    }

    Acknowledgement in(State next) {
        return new Acknowledgement(next, store, groups, manifest, manifestBytes, logs);
    }

    Acknowledgement upTo(long group) {
        return new Acknowledgement(state, store, group, manifest, manifestBytes, logs);
    }

    Acknowledgement withManifest(long number, long bytes) {
        return new Acknowledgement(state, store, groups, number, bytes, logs);
    }

    Acknowledgement withLogs(Map<Long, Long> sizes) {
        return new Acknowledgement(state, store, groups, manifest, manifestBytes, new TreeMap<>(sizes));
    }

    /** Puts it into a buffer that is empty, which is then ready to be written. */
    void encode(long sequence, ByteBuffer out, CRC32C checksum) {
        out.clear();
        out.putLong(MAGIC).putLong(sequence).put(store.toArray());
        out.putLong(groups).putLong(manifest).putLong(manifestBytes);
        out.put(state.code).put((byte) logs.size());
        out.position(LOGS_OFFSET);
        logs.forEach((number, bytes) -> out.putLong(number).putLong(bytes));
        out.flip();
        seal(out, checksum);
    }

    /** Changes only how far was acknowledged in a buffer that an acknowledgement was put into. */
    static void advance(long sequence, long groups, ByteBuffer out, CRC32C checksum) {
        out.putLong(Long.BYTES, sequence);
        out.putLong(2 * Long.BYTES + STORE_BYTES, groups);
        seal(out, checksum);
    }

    private static void seal(ByteBuffer out, CRC32C checksum) {
        out.putInt(CHECKSUM_OFFSET, 0);
        out.putInt(CHECKSUM_OFFSET, sum(out, checksum));
        out.rewind();
    }

    private static int sum(ByteBuffer bytes, CRC32C checksum) {
        checksum.reset();
        checksum.update(bytes.rewind());
        return (int) checksum.getValue();
    }

    /** Reads a slot; nothing if it is damaged. */
    static Optional<Slot> decode(ByteBuffer slot) {
        if (slot.remaining() < LOGS_OFFSET) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.allocate(slot.remaining()).put(slot).flip();
        long magic = in.getLong();
        long sequence = in.getLong();
        byte[] store = new byte[STORE_BYTES];
        in.get(store);
        long groups = in.getLong();
        long manifest = in.getLong();
        long manifestBytes = in.getLong();
        Optional<State> state = State.of(in.get());
        int count = in.get();
        int end = LOGS_OFFSET + count * LOG_BYTES;
        boolean framed = magic == MAGIC && count >= 0 && count <= LOGS_MAX && end <= in.limit();
        if (!framed || state.isEmpty()) {
            return Optional.empty();
        }
        TreeMap<Long, Long> logs = new TreeMap<>();
        in.position(LOGS_OFFSET);
        for (int i = 0; i < count; i++) {
            logs.put(in.getLong(), in.getLong());
        }
        int expected = in.getInt(CHECKSUM_OFFSET);
        in.putInt(CHECKSUM_OFFSET, 0).limit(end);
        if (sum(in, new CRC32C()) != expected) {
            return Optional.empty();
        }
        return Optional.of(new Slot(
                sequence, new Acknowledgement(state.get(), Bytes.wrap(store), groups, manifest, manifestBytes, logs)));
    }
}
