package io.qbc.persistence.commit;

import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Placed;
import io.qbc.ledger.Scope;
import io.qbc.model.Hash;
import io.qbc.model.Reason;
import io.qbc.model.Refusal;
import io.qbc.model.Run;
import io.qbc.model.Transaction;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.Placements;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.Runs;
import io.qbc.persistence.commit.Content.Signed;
import io.qbc.persistence.store.Keys;
import io.qbc.persistence.store.Space;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.Pruning;
import io.qbc.persistence.write.Write;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * Stores a judged quant and moves the chain, in one atomic step. It may build on another that is still under way; then
 * it is only made if that one was, whatever the reason.
 */
public final class CommitWrite implements Write {
    private static final int OVERHEAD = 1024;

    private final Plan plan;
    private final OpenChain chain;
    private final Consumer<Optional<HeadMoved>> told;
    private final Consumer<Refusal> failed;
    private final CompletableFuture<Optional<QuantRecord>> stored = new CompletableFuture<>();
    private Optional<CommitWrite> base;
    private Optional<QuantRecord> record = Optional.empty();
    private Optional<Refusal> baseless = Optional.empty();
    private List<Placed> done = List.of();

    public CommitWrite(Plan plan, Consumer<Optional<HeadMoved>> told, Consumer<Refusal> failed) {
        this(plan, Optional.empty(), told, failed);
    }

    /**
     * Prepares the write.
     *
     * @param base the write that makes the quant's parent, if that is still under way
     * @param told hears on the home context how the head moved, if it did
     * @param failed hears on the home context why nothing was stored
     */
    CommitWrite(Plan plan, Optional<CommitWrite> base, Consumer<Optional<HeadMoved>> told, Consumer<Refusal> failed) {
        this.plan = plan;
        this.chain = plan.chain();
        this.base = base;
        this.told = told;
        this.failed = failed;
    }

    /** The quant as it was stored; nothing if it was not. */
    public CompletableFuture<Optional<QuantRecord>> stored() {
        return stored;
    }

    Plan plan() {
        return plan;
    }

    @Override
    public long bytes() {
        return OVERHEAD + plan.content().bytes();
    }

    @Override
    public void put(Group group) {
        record = Optional.empty();
        if (base.isPresent() && base.get().record.isEmpty()) {
            baseless = Optional.of(Reason.BUSY.refusal("its parent was not stored"));
            return;
        }
        QuantRecord quant = quant(group);
        put(group, quant);
        record = Optional.of(quant);
    }

    private void put(Group group, QuantRecord quant) {
        Plan.Move move = plan.move();
        int number = chain.number();
        group.put(Space.QUANTS, Keys.hashed(number, quant.hash()), quant.encode());
        if (quant.stated()) {
            group.put(
                    Space.STATES,
                    Keys.hashed(number, quant.hash()),
                    plan.tip().state().toArray());
        }
        plan.expired().put(group, number);
        plan.keepsakes().forEach(keepsake -> keep(group, keepsake));
        move.undone().forEach(gone -> displace(group, gone));
        move.unfated().forEach(sequence -> group.delete(Space.FATE, Keys.numbered(number, sequence)));
        move.fated().forEach((sequence, standing) -> fate(group, sequence, standing));
        done = new ArrayList<>();
        if (move.placed()) {
            move.restored().forEach(back -> place(group, back));
            move.restored().forEach(back -> Pruning.back(group, number, back));
            place(group, quant);
            agree(group);
        } else {
            Pruning.aside(group, number, quant);
        }
        settleFresh(group);
        group.put(Space.META, Keys.watermark(number), Keys.number(lowestWaiting()));
    }

    /** Writes what is not in the log yet; it may have come there since it was looked up, if the log has grown. */
    private QuantRecord quant(Group group) {
        Group.Additions log = group.to(chain);
        long[] sequences = plan.content().sequences().clone();
        boolean grown = chain.kept() != plan.content().resolvedAt() || log.grown();
        boolean scoped = !plan.content().signed().isEmpty();
        int next = 0;
        for (int i = 0; i < sequences.length; i++) {
            if (sequences[i] == 0) {
                Transaction transaction = plan.content().fresh().get(next++);
                Optional<Long> there = grown ? log.sequence(transaction.id()) : Optional.empty();
                sequences[i] = there.isPresent()
                        ? there.get()
                        : log.supply(transaction, scoped ? Scope.of(transaction) : Optional.empty());
            }
        }
        Content content = plan.content();
        int signed = content.signed().size();
        List<Run> runs = Runs.of(sequences);
        return new QuantRecord(
                plan.tip().head(),
                plan.outline().seals(),
                content.bytes(),
                signed,
                plan.tip().frontier(),
                runs,
                !plan.tip().state().isEmpty());
    }

    /** A fork goes on with what its parent leaves; whoever reads meanwhile is led there first. */
    private static void keep(Group group, Plan.Keepsake keepsake) {
        QuantRecord quant = keepsake.quant();
        keepsake.fork().past().orElseThrow().lower(quant.height() - 1);
        group.put(
                Space.MAIN,
                Keys.numbered(keepsake.fork().number(), quant.height()),
                quant.hash().bytes());
    }

    private void displace(Group group, QuantRecord quant) {
        group.delete(Space.MAIN, Keys.numbered(chain.number(), quant.height()));
        quant.runs().forEach(run -> group.delete(Space.PLACED, Keys.numbered(chain.number(), run.from())));
        Pruning.aside(group, chain.number(), quant);
    }

    /** What is final stays so, whatever the next head shows of it. */
    private void agree(Group group) {
        long agreed = chain.agreed(plan.tip());
        if (agreed > chain.agreed()) {
            group.put(Space.META, Keys.agreed(chain.number()), Keys.number(agreed));
        }
    }

    private void place(Group group, QuantRecord quant) {
        group.put(
                Space.MAIN,
                Keys.numbered(chain.number(), quant.height()),
                quant.hash().bytes());
        List<Placed> places = Placements.of(quant);
        for (Placed placed : places) {
            group.put(Space.PLACED, Keys.numbered(chain.number(), placed.run().from()), Placements.encode(placed));
        }
        done.addAll(places);
    }

    private void fate(Group group, long sequence, Hash standing) {
        group.put(Space.FATE, Keys.numbered(chain.number(), sequence), standing.bytes());
    }

    /** Settles between signed transactions that are new in the log and others of the same author and key. */
    private void settleFresh(Group group) {
        Group.Additions log = group.to(chain);
        for (Signed signed : plan.content().signed()) {
            if (signed.sequence() == 0) {
                long own = log.sequence(signed.id()).orElseThrow();
                List<Long> rivals = log.scoped(signed.scope());
                rivals.remove((Long) own);
                if (plan.move().placed()) {
                    rivals.forEach(rival -> fate(group, rival, signed.id()));
                } else {
                    rivals.forEach(rival -> standing(rival).ifPresent(id -> fate(group, own, id)));
                }
            }
        }
    }

    private Optional<Hash> standing(long rival) {
        return chain.isPlaced(rival)
                ? Optional.of(chain.log().transaction(rival).id())
                : Optional.empty();
    }

    private long lowestWaiting() {
        long lowest = chain.watermark();
        for (QuantRecord quant : plan.move().undone()) {
            for (Run run : quant.runs()) {
                lowest = Math.min(lowest, run.from());
            }
        }
        return plan.move().unfated().isEmpty()
                ? lowest
                : Math.min(lowest, plan.move().unfated().first());
    }

    @Override
    public void settled(Optional<Refusal> refusal) {
        boolean made = refusal.isEmpty() && baseless.isEmpty();
        if (made && plan.move().placed()) {
            if (!plan.plain()) {
                chain.mark(lowestWaiting());
            }
            chain.move(plan.tip());
        }
        // Else a long catch-up would hold on to everything that it ever wrote.
        base = Optional.empty();
        stored.complete(made ? record : Optional.empty());
    }

    @Override
    public void answer(Optional<Refusal> refusal) {
        refusal.or(() -> baseless).ifPresentOrElse(failed, () -> told.accept(moved()));
    }

    private Optional<HeadMoved> moved() {
        int undone = plan.move().undone().size();
        return plan.move().placed()
                ? Optional.of(new HeadMoved(chain.id(), plan.tip().head(), undone, done))
                : Optional.empty();
    }
}
