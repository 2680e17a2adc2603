package io.qbc.persistence.analytics;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import java.util.Optional;

/**
 * How far the roll-up of a chain is: all quants up to this one are in it, and no others.
 *
 * @param height -1 before the first quant, which then has the hash {@link Hash#ZERO}
 */
record RollupProgress(long height, Hash hash) {
    static final RollupProgress NONE = new RollupProgress(-1, Hash.ZERO);
    /** Rows that another version wrote in another way are made anew. */
    private static final int VERSION = 2;

    /** What stands in the store; nothing if that cannot be used. */
    static Optional<RollupProgress> read(Store store, int chain) {
        return store.get(ColumnFamily.ROLLUP, RollupKeys.progress(chain)).flatMap(RollupProgress::decode);
    }

    private static Optional<RollupProgress> decode(byte[] value) {
        Decoder in = new Decoder(Bytes.wrap(value));
        boolean known = in.u8() == VERSION;
        RollupProgress progress = new RollupProgress(in.u64(), in.hash());
        return known && in.complete() ? Optional.of(progress) : Optional.empty();
    }

    byte[] encode() {
        return new Encoder(1 + Long.BYTES + Hash.BYTES)
                .u8(VERSION)
                .u64(height)
                .hash(hash)
                .toArray();
    }
}
