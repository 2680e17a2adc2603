package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.bus.Catalogue.Supersession;
import io.qbc.ledger.Scope;
import io.qbc.model.Hash;
import io.qbc.model.LogRange;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.LogRanges;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.PlacementIndex;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.commit.ResolvedTransactions.Keyed;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.Pruning;
import io.qbc.persistence.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Stores a judged quant and moves the chain, in one atomic step. It may build on another that is still under way; then
 * it is only made if that one was, whatever the reason.
 */
public final class CommitWrite implements Write {
    private static final int OVERHEAD_BYTES = 1024;

    private final CommitPlan commitPlan;
    private final OpenChain chain;
    private final Consumer<Optional<HeadMoved>> made;
    private final Consumer<Refusal> failed;
    private final IndexChange indexChange;
    private final CompletableFuture<Optional<QuantRecord>> stored = new CompletableFuture<>();
    private Optional<CommitWrite> base;
    private Optional<QuantRecord> record = Optional.empty();
    private Optional<Refusal> baseless = Optional.empty();
    private List<Placed> placed = List.of();
    private SortedMap<Long, Hash> superseded = new TreeMap<>();
    private List<Supersession> told = List.of();

    /**
     * Prepares the write.
     *
     * @param base the write that makes the quant's parent, if that is still under way
     * @param made hears on the events' context how the head moved, if it did
     * @param failed hears on the events' context why nothing was stored
     */
    CommitWrite(
            CommitPlan commitPlan,
            Optional<CommitWrite> base,
            Consumer<Optional<HeadMoved>> made,
            Consumer<Refusal> failed) {
        this.commitPlan = commitPlan;
        this.chain = commitPlan.chain();
        this.base = base;
        this.made = made;
        this.failed = failed;
        this.indexChange = IndexChange.of(commitPlan);
    }

    /** The quant as it is stored; nothing if it was not. */
    public CompletableFuture<Optional<QuantRecord>> stored() {
        return stored;
    }

    public CommitPlan commitPlan() {
        return commitPlan;
    }

    @Override
    public long bytes() {
        return OVERHEAD_BYTES + commitPlan.resolvedTransactions().bytes();
    }

    @Override
    public void put(Group group) {
        record = Optional.empty();
        if (base.isPresent() && base.get().record.isEmpty()) {
            baseless = Optional.of(Reason.BUSY.refusal("its parent was not stored"));
            return;
        }
        try {
            QuantRecord quant = quant(group);
            put(group, quant);
            record = Optional.of(quant);
        } catch (StoreException e) {
            chain.metDamage().met(e);
            throw e;
        }
    }

    private void put(Group group, QuantRecord quant) {
        CommitPlan.Move move = commitPlan.move();
        int number = chain.number();
        group.put(ColumnFamily.QUANTS, StoreKeys.hashed(number, quant.hash()), quant.encode());
        if (quant.stated()) {
            group.put(
                    ColumnFamily.STATES,
                    StoreKeys.hashed(number, quant.hash()),
                    commitPlan.tip().state().toArray());
        }
        commitPlan.expired().put(group, number);
        commitPlan.retained().forEach(retained -> retain(group, retained));
        move.undone().forEach(gone -> displace(group, gone));
        move.reinstated()
                .forEach(sequence -> group.delete(ColumnFamily.SUPERSEDED, StoreKeys.numbered(number, sequence)));
        move.superseded().forEach((sequence, standing) -> supersede(group, sequence, standing));
        placed = new ArrayList<>();
        superseded = new TreeMap<>(move.superseded());
        if (move.placed()) {
            move.restored().forEach(back -> place(group, back));
            move.restored().forEach(back -> Pruning.back(group, number, back));
            place(group, quant);
            agree(group);
        } else {
            Pruning.aside(group, number, quant);
        }
        indexChange.put(group);
        settleFresh(group);
        told = told(group.to(chain));
        group.put(ColumnFamily.META, StoreKeys.watermark(number), StoreKeys.number(lowestWaiting()));
    }

    /** Writes what is not in the log yet; it may have come there since it was looked up, if the log has grown. */
    private QuantRecord quant(Group group) {
        Group.Additions log = group.to(chain);
        long[] sequences = commitPlan.resolvedTransactions().sequences().clone();
        boolean grown = chain.kept() != commitPlan.resolvedTransactions().resolvedAt() || log.grown();
        boolean scoped = !commitPlan.resolvedTransactions().keyed().isEmpty();
        int next = 0;
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 0) {
                Transaction transaction =
                        commitPlan.resolvedTransactions().fresh().get(next++);
                Optional<Long> there = grown ? log.sequence(transaction.id()) : Optional.empty();
                sequences[i] = there.isPresent()
                        ? there.get()
                        : log.supply(transaction, scoped ? Scope.of(transaction) : Optional.empty());
            }
        }
        ResolvedTransactions resolvedTransactions = commitPlan.resolvedTransactions();
        int keyed = resolvedTransactions.keyed().size();
        List<LogRange> logRanges = LogRanges.of(sequences);
        return new QuantRecord(
                commitPlan.tip().head(),
                commitPlan.compactQuant().seals(),
                resolvedTransactions.bytes(),
                keyed,
                commitPlan.tip().frontier(),
                logRanges,
                !commitPlan.tip().state().isEmpty(),
                chain.engine().finality(commitPlan.tip().parent()));
    }

    /** A fork goes on with what its parent leaves; whoever reads meanwhile is led there first. */
    private static void retain(Group group, CommitPlan.Retained retained) {
        QuantRecord quant = retained.quant();
        retained.fork().parentHistory().orElseThrow().lower(quant.height() - 1);
        group.put(
                ColumnFamily.MAIN,
                StoreKeys.numbered(retained.fork().number(), quant.height()),
                quant.hash().bytes());
    }

    private void displace(Group group, QuantRecord quant) {
        group.delete(ColumnFamily.MAIN, StoreKeys.numbered(chain.number(), quant.height()));
        quant.logRanges()
                .forEach(logRange ->
                        group.delete(ColumnFamily.PLACED, StoreKeys.numbered(chain.number(), logRange.from())));
        Pruning.aside(group, chain.number(), quant);
    }

    /** What is final stays so, whatever the next head shows of it. */
    private void agree(Group group) {
        long agreed = chain.agreed(commitPlan.tip());
        if (agreed > chain.agreed()) {
            group.put(ColumnFamily.META, StoreKeys.agreed(chain.number()), StoreKeys.number(agreed));
        }
    }

    private void place(Group group, QuantRecord quant) {
        group.put(
                ColumnFamily.MAIN,
                StoreKeys.numbered(chain.number(), quant.height()),
                quant.hash().bytes());
        List<Placed> places = PlacementIndex.of(quant);
        for (Placed place : places) {
            group.put(
                    ColumnFamily.PLACED,
                    StoreKeys.numbered(chain.number(), place.logRange().from()),
                    PlacementIndex.encode(place));
        }
        placed.addAll(places);
    }

    private void supersede(Group group, long sequence, Hash standing) {
        group.put(ColumnFamily.SUPERSEDED, StoreKeys.numbered(chain.number(), sequence), standing.bytes());
    }

    /** Settles between transactions with scopes that are new in the log and others of the same author and key. */
    private void settleFresh(Group group) {
        Group.Additions log = group.to(chain);
        for (Keyed keyed : commitPlan.resolvedTransactions().keyed()) {
            if (keyed.sequence() == 0) {
                long own = log.sequence(keyed.id()).orElseThrow();
                List<Long> rivals = log.scoped(keyed.scope());
                rivals.remove((Long) own);
                if (commitPlan.move().placed()) {
                    rivals.forEach(rival -> {
                        supersede(group, rival, keyed.id());
                        superseded.put(rival, keyed.id());
                    });
                } else {
                    rivals.forEach(rival -> standing(rival).ifPresent(id -> supersede(group, own, id)));
                }
            }
        }
    }

    /** Which transactions are superseded now, which is seldom. */
    private List<Supersession> told(Group.Additions log) {
        List<Supersession> each = new ArrayList<>();
        superseded.forEach((sequence, standing) -> {
            Transaction transaction = log.transaction(sequence);
            boolean same = log.sequence(standing)
                    .map(log::transaction)
                    .filter(other -> other.payload().equals(transaction.payload()))
                    .isPresent();
            each.add(new Supersession(sequence, transaction.id(), standing, same));
        });
        return each;
    }

    private Optional<Hash> standing(long rival) {
        return chain.isPlaced(rival)
                ? Optional.of(chain.log().transaction(rival).id())
                : Optional.empty();
    }

    private long lowestWaiting() {
        long lowest = chain.watermark();
        for (QuantRecord quant : commitPlan.move().undone()) {
            for (LogRange logRange : quant.logRanges()) {
                lowest = Math.min(lowest, logRange.from());
            }
        }
        return commitPlan.move().reinstated().isEmpty()
                ? lowest
                : Math.min(lowest, commitPlan.move().reinstated().first());
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        boolean durable = refusal.isEmpty() && baseless.isEmpty();
        if (durable && commitPlan.move().placed()) {
            if (!commitPlan.plain()) {
                chain.watermark(lowestWaiting());
            }
            chain.move(commitPlan.tip());
        }
        // Else a long catch-up would hold on to everything that it ever wrote.
        base = Optional.empty();
        stored.complete(durable ? record : Optional.empty());
    }

    @Override
    public void answer(Optional<Refusal> refusal) {
        refusal.or(() -> baseless).ifPresentOrElse(failed, () -> made.accept(moved()));
    }

    private Optional<HeadMoved> moved() {
        int undone = commitPlan.move().undone().size();
        return commitPlan.move().placed()
                ? Optional.of(new HeadMoved(chain.id(), commitPlan.tip(), undone, placed, told))
                : Optional.empty();
    }
}
