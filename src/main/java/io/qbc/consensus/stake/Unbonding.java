package io.qbc.consensus.stake;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;

/** Stake on its way out: free at the opening of an epoch, until then liable to be slashed. */
record Unbonding(Bytes key, long amount, long epoch) {
    void write(Encoder out) {
        out.raw(key).u64(amount).u64(epoch);
    }

    static Unbonding read(Decoder in) {
        return new Unbonding(in.raw(Ed25519.KEY_BYTES), in.u64(), in.u64());
    }
}
