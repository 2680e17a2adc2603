package io.qbc.persistence.chain;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import java.util.Optional;

/**
 * How far the index of a chain is made, and how far the times of its quants are out of order. What a quant brings is
 * always written with it; of a chain that is older than the index the rest is filled in afterwards. Changed by the
 * writer, read by all.
 */
public final class IndexState {
    private volatile Progress progress;
    private volatile boolean complete;
    private volatile long turns;
    /** Of the quants that came since the chain was opened; meant only while the rest is filled in. */
    private Times since = Times.NONE;

    private boolean filled;

    private IndexState(Progress progress) {
        this.progress = progress;
        this.complete = progress.complete();
        this.filled = progress.complete();
    }

    /** As it stands in the store. */
    static IndexState read(Store store, int chain) {
        return new IndexState(store.get(ColumnFamily.INDEX, key(chain))
                .map(IndexState::decode)
                .orElse(Progress.NONE));
    }

    /** Where it stands in the store. */
    public static byte[] key(int chain) {
        return new Encoder(StoreKeys.CHAIN_BYTES + 1).u32(chain).u8(0).toArray();
    }

    /**
     * How quants follow each other in time.
     *
     * @param earliest the earliest timestamp, or later than any
     * @param latest the latest timestamp, or earlier than any
     * @param disorder by how many milliseconds at most a quant's timestamp is before that of one below it
     */
    public record Times(long earliest, long latest, long disorder) {
        static final Times NONE = new Times(Long.MAX_VALUE, Long.MIN_VALUE, 0);

        /** With a quant on top. */
        public Times and(long timestamp) {
            long late = latest == Long.MIN_VALUE ? 0 : latest - timestamp;
            return new Times(Math.min(earliest, timestamp), Math.max(latest, timestamp), Math.max(disorder, late));
        }

        /** With quants that came after all of these. */
        Times and(Times later) {
            boolean both = latest != Long.MIN_VALUE && later.latest != Long.MIN_VALUE;
            long late = both ? latest - later.earliest : 0;
            return new Times(
                    Math.min(earliest, later.earliest),
                    Math.max(latest, later.latest),
                    Math.max(Math.max(disorder, later.disorder), late));
        }

        /** When only quants up to one of this timestamp are left. */
        Times upTo(long timestamp) {
            return new Times(earliest, Math.min(latest, timestamp + disorder), disorder);
        }
    }

    /**
     * What stands in the store.
     *
     * @param complete whether all quants are in the index
     * @param height below which they are, unless it is complete
     * @param times of the quants that are
     */
    public record Progress(boolean complete, long height, Times times) {
        public static final Progress NONE = new Progress(false, 0, Times.NONE);
        private static final int VERSION = 1;

        public byte[] encode() {
            return new Encoder(2 + 4 * Long.BYTES)
                    .u8(VERSION)
                    .u8(complete ? 1 : 0)
                    .u64(height)
                    .u64(times.earliest())
                    .u64(times.latest())
                    .u64(times.disorder())
                    .toArray();
        }
    }

    private static Progress decode(byte[] value) {
        Decoder in = new Decoder(Bytes.wrap(value));
        int version = in.u8();
        Progress progress = new Progress(in.u8() == 1, in.u64(), new Times(in.u64(), in.u64(), in.u64()));
        if (version != Progress.VERSION || !in.complete()) {
            throw StoreException.corrupt("how far the index is made is damaged");
        }
        return progress;
    }

    /** The state that a chain begins with. */
    public static Progress begun(long genesisTime) {
        return new Progress(true, 0, Times.NONE.and(genesisTime));
    }

    /** The state that a fork begins with, behind a quant of this timestamp; nothing while its parent's is not known. */
    public Optional<Progress> forked(long pointTime, long genesisTime) {
        return complete
                ? Optional.of(
                        new Progress(true, 0, progress.times().upTo(pointTime).and(genesisTime)))
                : Optional.empty();
    }

    /** Whether all quants of the chain are in the index. */
    public boolean isComplete() {
        return complete;
    }

    /** What is filled in so far. */
    public Progress progress() {
        return progress;
    }

    /** By how many milliseconds at most a quant's timestamp is before that of one below it. */
    public long disorder() {
        return progress.times().disorder();
    }

    /** How often quants left the chain; it grows before that is written. */
    public long turns() {
        return turns;
    }

    /** Quants leave the chain, down to one of this timestamp; by the writer. */
    @SuppressWarnings("NonAtomicVolatileUpdate") // The writer alone writes it.
    public void left(long timestamp) {
        turns++;
        if (filled) {
            progress = new Progress(true, 0, progress.times().upTo(timestamp));
        }
    }

    /** A quant comes on top; by the writer, before it is shown to anybody. Gives what is to be written, if anything. */
    public Optional<byte[]> came(long timestamp) {
        if (!filled) {
            since = since.and(timestamp);
            return Optional.empty();
        }
        progress = new Progress(true, 0, progress.times().and(timestamp));
        return Optional.of(progress.encode());
    }

    /**
     * More of the chain is filled in; by the writer. What came meanwhile is added to the last of it, and from then on
     * each quant keeps the state.
     *
     * @return what is to be written
     */
    public Progress fill(Progress next) {
        if (next.complete()) {
            progress = new Progress(true, 0, next.times().and(since));
            filled = true;
            return progress;
        }
        progress = next;
        return next;
    }

    /** All that was filled in is in the store, so that everybody may rely on it. */
    public void completed() {
        complete = true;
    }
}
