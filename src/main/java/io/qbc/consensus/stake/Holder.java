package io.qbc.consensus.stake;

import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Ed25519;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import java.util.Optional;

/** One key's stake and record, at work in a {@link StakeState}; amounts are whole units. */
final class Holder {
    private static final int BARRED = 1;
    private static final int STANDS = 2;
    private static final int DELEGATES = 4;
    private static final int COMMITTED = 8;
    private static final int VOTED = 16;

    final Bytes key;
    /** What it may transfer or bond. */
    long liquid;
    /** What counts for it from the next election on. */
    long bonded;
    /** Its weight in this epoch. */
    long power;
    /** Whether an offence has taken its power for good. */
    boolean barred;
    /** Whether it stands for election as a delegate. */
    boolean stands;
    /** Whom it votes for as a delegate. */
    Optional<Bytes> delegate = Optional.empty();
    /** The hash of its next reveal. */
    Optional<Hash> commitment = Optional.empty();
    /** Its last finality vote on this branch. */
    Optional<Vote> vote = Optional.empty();

    long reveals;
    long made;
    long missed;

    Holder(Bytes key) {
        this.key = key;
    }

    /** Whether the state may forget it. */
    boolean idle() {
        return liquid == 0 && bonded == 0 && power == 0 && !barred && commitment.isEmpty();
    }

    void write(Encoder out) {
        int flags = (barred ? BARRED : 0)
                | (stands ? STANDS : 0)
                | (delegate.isPresent() ? DELEGATES : 0)
                | (commitment.isPresent() ? COMMITTED : 0)
                | (vote.isPresent() ? VOTED : 0);
        out.raw(key).u8(flags).u64(liquid).u64(bonded).u64(power).u64(missed);
        delegate.ifPresent(out::raw);
        commitment.ifPresent(hash -> out.hash(hash).u64(reveals).u64(made));
        vote.ifPresent(cast -> out.u64(cast.source()).u64(cast.target()).hash(cast.hash()));
    }

    static Holder read(Decoder in) {
        Holder holder = new Holder(in.raw(Ed25519.KEY_BYTES));
        int flags = in.u8();
        holder.barred = (flags & BARRED) != 0;
        holder.stands = (flags & STANDS) != 0;
        holder.liquid = in.u64();
        holder.bonded = in.u64();
        holder.power = in.u64();
        holder.missed = in.u64();
        if ((flags & DELEGATES) != 0) {
            holder.delegate = Optional.of(in.raw(Ed25519.KEY_BYTES));
        }
        if ((flags & COMMITTED) != 0) {
            holder.commitment = Optional.of(in.hash());
            holder.reveals = in.u64();
            holder.made = in.u64();
        }
        if ((flags & VOTED) != 0) {
            holder.vote = Optional.of(new Vote(in.u64(), in.u64(), in.hash()));
        }
        return holder;
    }
}
