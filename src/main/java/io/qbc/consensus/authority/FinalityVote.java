package io.qbc.consensus.authority;

import io.qbc.consensus.engine.SigningRecord;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Header;

/**
 * What a quant's producer vouches for: that on no other branch it voted for the heights {@code from} to {@code to}, the
 * quant's own. The consensus fields hold {@code from} and {@code source} in 8 bytes each; a quant without a vote has
 * {@code from} one above its height, and source 0.
 *
 * @param source the highest justified height that it knows on this branch
 */
record FinalityVote(long from, long to, long source) {
    /** The vote that a signer may give with a quant at {@code height}, after what it has signed. */
    static FinalityVote at(long height, long justified, SigningRecord signingRecord) {
        boolean free = signingRecord.target() < height && signingRecord.source() <= justified;
        return free ? new FinalityVote(signingRecord.target() + 1, height, justified) : none(height);
    }

    /** The vote in a header; none if its fields are not one. */
    static FinalityVote of(Header header) {
        Decoder in = new Decoder(header.consensus());
        FinalityVote vote = new FinalityVote(in.u64(), header.height(), in.u64());
        boolean sound = in.complete() && vote.from > 0 && vote.source >= 0 && vote.source < vote.to;
        return sound && vote.cast() ? vote : none(header.height());
    }

    private static FinalityVote none(long height) {
        return new FinalityVote(height + 1, height, 0);
    }

    boolean cast() {
        return from <= to;
    }

    /** Whether an honest signer never gives both: two votes for one height, or a later one with an earlier source. */
    boolean contradicts(FinalityVote other) {
        if (!cast() || !other.cast()) {
            return false;
        }
        boolean overlap = from <= other.to && other.from <= to;
        boolean back = to < other.to ? source > other.source : other.source > source;
        return overlap || back;
    }

    Bytes encoded() {
        return new Encoder(16).u64(from).u64(source).toBytes();
    }
}
