package io.qbc.consensus.stake;

import io.qbc.consensus.engine.Offence;
import io.qbc.model.Bytes;
import io.qbc.model.Decoder;
import io.qbc.model.Encoder;
import io.qbc.model.Hash;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** The whole state of a chain under stake, read from its encoding, worked on for one quant, and written back. */
final class StakeState {
    private static final int LIST_MAX = 100_000;

    /** The present epoch. */
    long epoch;
    /** What the leaders of this epoch are drawn from. */
    Hash seed = Hash.ZERO;
    /** What the next epoch's seed comes from: all reveals so far. */
    Hash mix = Hash.ZERO;
    /** The number of the highest justified checkpoint. */
    long justified;
    /** The number of the highest final checkpoint. */
    long finalised;
    /** The epoch at whose opening the powers last changed. */
    long changed;
    /** What was slashed and is gone. */
    long burned;

    /** The quants of late checkpoints by number. */
    final TreeMap<Long, Hash> checkpoints = new TreeMap<>();

    final TreeMap<Bytes, Holder> holders = new TreeMap<>();
    final List<Unbonding> unbondings = new ArrayList<>();
    final List<Offence> offences = new ArrayList<>();

    Optional<Holder> holder(Bytes key) {
        return Optional.ofNullable(holders.get(key));
    }

    /** All power of this epoch, that of barred holders too. */
    long power() {
        return holders.values().stream().mapToLong(holder -> holder.power).sum();
    }

    /** Everything that ever was: what is held, on its way out, and burned. */
    long total() {
        long held = holders.values().stream()
                .mapToLong(holder -> holder.liquid + holder.bonded)
                .sum();
        return held + unbondings.stream().mapToLong(Unbonding::amount).sum() + burned;
    }

    void record(Offence offence) {
        offences.add(offence);
        if (offences.size() > Offence.OFFENCES_KEPT) {
            offences.remove(0);
        }
    }

    Bytes encoded() {
        Encoder out = new Encoder(256 + 160 * holders.size());
        out.u64(epoch)
                .hash(seed)
                .hash(mix)
                .u64(justified)
                .u64(finalised)
                .u64(changed)
                .u64(burned);
        out.u32(checkpoints.size());
        checkpoints.forEach((number, hash) -> out.u64(number).hash(hash));
        out.u32(holders.size());
        holders.values().forEach(holder -> holder.write(out));
        out.u32(unbondings.size());
        unbondings.forEach(unbonding -> unbonding.write(out));
        out.u32(offences.size());
        offences.forEach(offence -> offence.write(out));
        return out.toBytes();
    }

    /** Reads a state that this engine wrote. */
    static StakeState decode(Bytes bytes) {
        Decoder in = new Decoder(bytes);
        StakeState state = new StakeState();
        state.epoch = in.u64();
        state.seed = in.hash();
        state.mix = in.hash();
        state.justified = in.u64();
        state.finalised = in.u64();
        state.changed = in.u64();
        state.burned = in.u64();
        each(in, () -> state.checkpoints.put(in.u64(), in.hash()));
        each(in, () -> {
            Holder holder = Holder.read(in);
            state.holders.put(holder.key, holder);
        });
        each(in, () -> state.unbondings.add(Unbonding.read(in)));
        each(in, () -> state.offences.add(Offence.read(in)));
        if (!in.complete()) {
            throw new IllegalStateException("a stored state of pos is one that pos wrote");
        }
        return state;
    }

    private static void each(Decoder in, Runnable read) {
        int size = in.u32();
        for (int i = 0; i < size && size <= LIST_MAX && !in.failed(); i++) {
            read.run();
        }
    }
}
