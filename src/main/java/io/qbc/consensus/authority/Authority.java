package io.qbc.consensus.authority;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;

/**
 * One signer of the chain, and how far its quants vouch for the branch.
 *
 * @param key its public key
 * @param since the slot in which it came in; what it did before is forgiven
 * @param suspended whether an offence has taken its seat
 * @param sealed the height of its last quant, 0 before the first
 * @param from where the heights begin that it has voted for without a gap
 * @param last where its last vote begins
 * @param to where its votes end, 0 before the first
 * @param source the justified height that its last vote built on
 */
record Authority(Bytes key, long since, boolean suspended, long sealed, long from, long last, long to, long source) {
    static Authority fresh(Bytes key, long since) {
        return new Authority(key, since, false, 0, 1, 1, 0, 0);
    }

    Authority suspend() {
        return new Authority(key, since, true, sealed, from, last, to, source);
    }

    /** After a quant at this height, without a vote. */
    Authority seal(long height) {
        return new Authority(key, since, suspended, height, from, last, to, source);
    }

    /** After a quant at {@code height} that votes for everything from {@code begin} to itself. */
    Authority vote(long begin, long height, long votedSource) {
        long gapless = begin == to + 1 ? from : begin;
        return new Authority(key, since, suspended, height, gapless, begin, height, votedSource);
    }

    boolean covers(long height) {
        return from <= height && height <= to;
    }

    void write(Encoder out) {
        out.raw(key)
                .u64(since)
                .u8(suspended ? 1 : 0)
                .u64(sealed)
                .u64(from)
                .u64(last)
                .u64(to)
                .u64(source);
    }

    static Authority read(Decoder in) {
        return new Authority(
                in.raw(Ed25519.KEY_BYTES), in.u64(), in.u8() == 1, in.u64(), in.u64(), in.u64(), in.u64(), in.u64());
    }
}
