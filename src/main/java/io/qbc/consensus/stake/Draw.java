package io.qbc.consensus.stake;

import io.qbc.model.Bytes;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import io.qbc.model.Sha256;

/** Numbers drawn from a seed, the same on every node. */
final class Draw {
    private static final byte[] TAG = Bytes.utf8("qbc/draw/1").toArray();
    private static final byte[] MIX_TAG = Bytes.utf8("qbc/mix/1").toArray();
    private static final byte[] SEED_TAG = Bytes.utf8("qbc/seed/1").toArray();

    private Draw() {}

    /**
     * The n-th number of a seed, from 0 to {@code bound} - 1; the bound is below 2^62, the bias below 2^-9 of a
     * unit.
     */
    static long below(long bound, Hash seed, long n) {
        byte[] input = new Encoder(40).hash(seed).u64(n).toArray();
        long random = Sha256.of(TAG, input).a() >>> 1;
        return Math.multiplyHigh(random, bound << 1);
    }

    /** Stirs a reveal into what is there. */
    static Hash mix(Hash before, Bytes reveal) {
        return Sha256.of(MIX_TAG, Bytes.wrap(before.bytes()), reveal);
    }

    /** The seed of an epoch. */
    static Hash seed(Hash mix, long epoch) {
        return Sha256.of(
                SEED_TAG, Bytes.wrap(mix.bytes()), new Encoder(8).u64(epoch).toBytes());
    }
}
