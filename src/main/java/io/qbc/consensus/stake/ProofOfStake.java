package io.qbc.consensus.stake;

import io.qbc.consensus.engine.EngineOperation;
import io.qbc.model.Bytes;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.LongFunction;

/** Engine {@code pos}: a holder's power is its bond, and it leads slots in proportion to it. */
final class ProofOfStake implements Scheme {
    @Override
    public String name() {
        return "pos";
    }

    @Override
    public void found(Holder holder) {
        // A bond is all that a holder needs.
    }

    @Override
    public SortedMap<Bytes, Long> elect(StakeState state) {
        TreeMap<Bytes, Long> powers = new TreeMap<>();
        for (Holder holder : state.holders.values()) {
            if (!holder.barred && holder.bonded > 0) {
                powers.put(holder.key, holder.bonded);
            }
        }
        return powers;
    }

    @Override
    public LongFunction<Bytes> leaders(StakeState state) {
        List<Holder> powerful = state.holders.values().stream()
                .filter(holder -> holder.power > 0)
                .toList();
        if (powerful.isEmpty()) {
            return slot -> Bytes.EMPTY;
        }
        long[] ends = powerful.stream().mapToLong(holder -> holder.power).toArray();
        Arrays.parallelPrefix(ends, Long::sum);
        return slot -> {
            long drawn = Draw.below(ends[ends.length - 1], state.seed, slot);
            int found = Arrays.binarySearch(ends, drawn + 1);
            return powerful.get(found < 0 ? -found - 1 : found).key;
        };
    }

    @Override
    public boolean apply(StakeState state, EngineOperation engineOperation) {
        return false;
    }
}
