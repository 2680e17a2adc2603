package io.qbc.consensus.engine;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;

/**
 * Two signatures of one key that an honest participant never gives both, as the chain has recorded them.
 *
 * @param key the participant
 * @param height the quant that recorded it
 * @param first the hash of the quant (or the id of the vote) signed, the lower of the two
 * @param second the other one
 */
public record Offence(Bytes key, long height, Hash first, Hash second) {
    /** How many a state keeps, the newest. */
    public static final int OFFENCES_KEPT = 32;

    /** An offence with its two hashes in their order. */
    public static Offence of(Bytes key, long height, Hash one, Hash other) {
        return one.compareTo(other) < 0 ? new Offence(key, height, one, other) : new Offence(key, height, other, one);
    }

    public void write(Encoder out) {
        out.raw(key).u64(height).hash(first).hash(second);
    }

    /** Reads one; the caller asks the decoder whether that went well. */
    public static Offence read(Decoder in) {
        return new Offence(in.raw(Ed25519.KEY_BYTES), in.u64(), in.hash(), in.hash());
    }
}
