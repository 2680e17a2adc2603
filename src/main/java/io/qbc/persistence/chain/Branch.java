package io.qbc.persistence.chain;

import io.qbc.ledger.Tip;
import io.qbc.model.LogRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The quants that lead from the present chain to a quant, which may be the head itself. Confined to the commit thread.
 */
public final class Branch {
    private final long fork;
    private final List<QuantRecord> quants = new ArrayList<>();
    private final NavigableMap<Long, Long> ends = new TreeMap<>();
    private Tip tip;

    /**
     * One instance.
     *
     * @param fork the height of the last quant that it shares with the present chain
     */
    public Branch(long fork, Tip tip) {
        this.fork = fork;
        this.tip = tip;
    }

    public long fork() {
        return fork;
    }

    /** Its last quant. */
    public Tip tip() {
        return tip;
    }

    /** Its quants that are not on the present chain, oldest first. */
    public List<QuantRecord> quants() {
        return quants;
    }

    public void extend(QuantRecord quant, Tip newTip) {
        quants.add(quant);
        quant.logRanges().forEach(logRange -> ends.put(logRange.from(), logRange.end()));
        tip = newTip;
    }

    /** Whether one of its quants off the present chain holds an entry of this run. */
    public boolean holds(LogRange logRange) {
        Map.Entry<Long, Long> last = ends.floorEntry(logRange.end() - 1);
        return last != null && last.getValue() > logRange.from();
    }

    /**
     * The branch that ends in this stored quant; nothing if it leaves the chain at {@code lowest} or below, where its
     * beginning may have been let go, or if the engine's state has been.
     */
    public static Optional<Branch> to(QuantRecord last, Quants quants, long lowest) {
        List<QuantRecord> backwards = new ArrayList<>();
        Optional<QuantRecord> at = Optional.of(last);
        while (at.isPresent() && at.get().height() > lowest && !quants.onChain(at.get())) {
            backwards.add(at.get());
            at = quants.find(at.get().header().previous());
        }
        if (at.filter(quants::onChain).isEmpty()) {
            return Optional.empty();
        }
        long fork = at.get().height();
        return quants.tip(last).map(tip -> {
            Branch branch = new Branch(fork, tip);
            for (int i = backwards.size() - 1; i >= 0; i--) {
                branch.extend(backwards.get(i), tip);
            }
            return branch;
        });
    }
}
