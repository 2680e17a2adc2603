package io.qbc.consensus.authority;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One signer of the chain, and what its quants vouch for.
 *
 * @param key its public key
 * @param since the slot in which it came in; what it did before is forgiven
 * @param suspended whether an offence has taken its seat
 * @param sealed the height of its last quant, 0 before the first
 * @param votes its last votes on this branch, in order, none reaching into another
 */
record Authority(Bytes key, long since, boolean suspended, long sealed, List<FinalityVote> votes) {
    private static final int VOTES_MAX = 16;

    Authority {
        votes = List.copyOf(votes);
    }

    static Authority fresh(Bytes key, long since) {
        return new Authority(key, since, false, 0, List.of());
    }

    Authority suspend() {
        return new Authority(key, since, true, sealed, votes);
    }

    /** After a quant at this height with this vote. */
    Authority seal(long height, FinalityVote vote) {
        List<FinalityVote> all = new ArrayList<>(votes);
        if (vote.cast()) {
            all.add(vote);
        }
        return new Authority(key, since, suspended, height, all);
    }

    /** Without the votes that nobody asks for any more; the last one stays, as it says what was voted for. */
    Authority after(long finalised) {
        int last = votes.size() - 1;
        List<FinalityVote> kept = new ArrayList<>();
        for (int i = Math.max(0, votes.size() - VOTES_MAX); i <= last; i++) {
            if (i == last || votes.get(i).to() > finalised) {
                kept.add(votes.get(i));
            }
        }
        return new Authority(key, since, suspended, sealed, kept);
    }

    /** Its vote for a height, if it gave one. */
    Optional<FinalityVote> vote(long height) {
        return votes.stream()
                .filter(vote -> vote.from() <= height && height <= vote.to())
                .findFirst();
    }

    /** The highest height that it voted for, 0 before the first. */
    long voted() {
        return votes.isEmpty() ? 0 : votes.get(votes.size() - 1).to();
    }

    void write(Encoder out) {
        out.raw(key).u64(since).u8(suspended ? 1 : 0).u64(sealed).u32(votes.size());
        votes.forEach(vote -> out.u64(vote.from()).u64(vote.to()).u64(vote.source()));
    }

    static Authority read(Decoder in) {
        Bytes key = in.raw(Ed25519.KEY_BYTES);
        long since = in.u64();
        boolean suspended = in.u8() == 1;
        long sealed = in.u64();
        int size = in.u32();
        List<FinalityVote> votes = new ArrayList<>();
        for (int i = 0; i < size && i < VOTES_MAX && !in.failed(); i++) {
            votes.add(new FinalityVote(in.u64(), in.u64(), in.u64()));
        }
        return new Authority(key, since, suspended, sealed, votes);
    }
}
