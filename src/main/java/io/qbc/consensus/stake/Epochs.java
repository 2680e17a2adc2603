package io.qbc.consensus.stake;

import io.qbc.model.Bytes;
import java.util.List;
import java.util.SortedMap;

/** What happens when an epoch opens: a new seed, new powers, and stake that gets free. */
final class Epochs {
    private final StakeRules rules;
    private final Scheme scheme;

    Epochs(StakeRules rules, Scheme scheme) {
        this.rules = rules;
        this.scheme = scheme;
    }

    void open(StakeState state, long epoch) {
        state.epoch = epoch;
        state.seed = Draw.seed(state.mix, epoch);
        // Two thirds of one set and two thirds of the next overlap only as far as the sets do, so that powers change
        // once between two finalities; without finality they change too, or nobody could ever replace who is gone.
        if (state.finalised >= state.changed || epoch - state.changed >= rules.delay()) {
            empower(state);
        }
        release(state);
        state.holders
                .values()
                .removeIf(holder -> holder.idle()
                        && state.unbondings.stream()
                                .noneMatch(each -> each.key().equals(holder.key)));
    }

    void empower(StakeState state) {
        SortedMap<Bytes, Long> powers = scheme.elect(state);
        if (powers.isEmpty()) {
            return;
        }
        for (Holder holder : state.holders.values()) {
            long power = powers.getOrDefault(holder.key, 0L);
            state.changed = power == holder.power ? state.changed : state.epoch;
            holder.power = power;
        }
    }

    private static void release(StakeState state) {
        List<Unbonding> free = state.unbondings.stream()
                .filter(each -> each.epoch() <= state.epoch)
                .toList();
        free.forEach(each -> state.holders.computeIfAbsent(each.key(), Holder::new).liquid += each.amount());
        state.unbondings.removeAll(free);
    }
}
