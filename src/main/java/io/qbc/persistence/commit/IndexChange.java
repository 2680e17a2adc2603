package io.qbc.persistence.commit;

import io.qbc.persistence.chain.IndexState;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Postings;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.write.Group;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How the index changes with the present chain, in the same group of writes. It is worked out before, so that the
 * writer need not read the log.
 */
final class IndexChange {
    private final OpenChain chain;
    private final List<Postings> gone = new ArrayList<>();
    private final List<Postings> come = new ArrayList<>();
    private final List<Kept> kept = new ArrayList<>();
    private final List<Long> times = new ArrayList<>();
    private OptionalLong forkTime = OptionalLong.empty();

    /** Postings of a quant that leaves the chain, but not the history of a fork. */
    private record Kept(int fork, Postings postings) {}

    private IndexChange(OpenChain chain) {
        this.chain = chain;
    }

    static IndexChange of(CommitPlan plan) {
        IndexChange change = new IndexChange(plan.chain());
        CommitPlan.Move move = plan.move();
        if (move.placed()) {
            move.undone().forEach(change::leaves);
            plan.retained()
                    .forEach(retained -> change.kept.add(
                            new Kept(retained.fork().number(), Postings.read(plan.chain(), retained.quant()))));
            move.restored().forEach(back -> {
                change.come.add(Postings.read(plan.chain(), back));
                change.times.add(back.header().timestamp());
            });
            change.come.add(Postings.of(
                    plan.tip().head().height(), plan.resolvedTransactions().terms()));
            change.times.add(plan.tip().head().header().timestamp());
        }
        return change;
    }

    private void leaves(QuantRecord quant) {
        gone.add(Postings.read(chain, quant));
        forkTime = OptionalLong.of(
                chain.quants().known(quant.header().previous()).header().timestamp());
    }

    void put(Group group) {
        int number = chain.number();
        IndexState state = chain.indexState();
        forkTime.ifPresent(state::left);
        // In this order: what comes may have rows under the keys of what leaves.
        gone.forEach(postings -> postings.rows(number, (key, value) -> group.delete(ColumnFamily.INDEX, key)));
        kept.forEach(each ->
                each.postings().rows(each.fork(), (key, value) -> group.put(ColumnFamily.INDEX, key, value)));
        come.forEach(postings -> postings.rows(number, (key, value) -> group.put(ColumnFamily.INDEX, key, value)));
        times.forEach(time -> state.came(time)
                .ifPresent(progress -> group.put(ColumnFamily.INDEX, IndexState.key(number), progress)));
    }
}
