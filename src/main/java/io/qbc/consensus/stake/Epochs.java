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

    void open(StakeBook book, long epoch) {
        book.epoch = epoch;
        book.seed = Draw.seed(book.mix, epoch);
        // Two thirds of one set and two thirds of the next overlap only as far as the sets do, so that powers change
        // once between two finalities; without finality they change too, or nobody could ever replace who is gone.
        if (book.finalised >= book.changed || epoch - book.changed >= rules.delay()) {
            empower(book);
        }
        release(book);
        book.holders
                .values()
                .removeIf(holder -> holder.idle()
                        && book.unbondings.stream().noneMatch(each -> each.key().equals(holder.key)));
    }

    void empower(StakeBook book) {
        SortedMap<Bytes, Long> powers = scheme.elect(book);
        if (powers.isEmpty()) {
            return;
        }
        for (Holder holder : book.holders.values()) {
            long power = powers.getOrDefault(holder.key, 0L);
            book.changed = power == holder.power ? book.changed : book.epoch;
            holder.power = power;
        }
    }

    private static void release(StakeBook book) {
        List<Unbonding> free = book.unbondings.stream()
                .filter(each -> each.epoch() <= book.epoch)
                .toList();
        free.forEach(each -> book.holders.computeIfAbsent(each.key(), Holder::new).liquid += each.amount());
        book.unbondings.removeAll(free);
    }
}
