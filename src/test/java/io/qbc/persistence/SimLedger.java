package io.qbc.persistence;

import io.qbc.bus.Catalogue.Append;
import io.qbc.ledger.Pool.Entry;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.Orphans;
import io.qbc.ledger.QuantRules;
import io.qbc.ledger.Tip;
import io.qbc.merkle.Frontier;
import io.qbc.model.ChainSpec;
import io.qbc.model.ChainSpec.ForkPoint;
import io.qbc.model.CompactQuant;
import io.qbc.model.Hash;
import io.qbc.model.Header;
import io.qbc.model.Refusal;
import io.qbc.model.Transaction;
import io.qbc.model.Verdict;
import io.qbc.persistence.chain.LogTailCache;
import io.qbc.persistence.chain.OpenChain;
import io.qbc.persistence.chain.QuantRecord;
import io.qbc.persistence.chain.WaitingList;
import io.qbc.persistence.commit.CommitLoop;
import io.qbc.persistence.commit.CommitPlan;
import io.qbc.persistence.commit.CommitWrite;
import io.qbc.persistence.commit.QuantJudge;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.store.StoreException;
import io.qbc.persistence.store.StoreKeys;
import io.qbc.persistence.write.Group;
import io.qbc.persistence.write.KeepWrite;
import io.qbc.persistence.write.Write;
import io.qbc.persistence.write.Writer;
import io.qbc.sim.Bug;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One chain's ledger without its threads: every decision is the product's own, and the steps between them, which are
 * {@link CommitLoop}'s and {@link Writer}'s, are taken at once in the caller's turn.
 */
public final class SimLedger {
    /** How far ahead of a node's clock a quant may be, in milliseconds. */
    public static final long DRIFT = 3000;

    private static final long FAR = 3_600_000;

    private final SimStore store;
    private final SimDisk disk;
    private final OpenChain chain;
    private final QuantJudge quantJudge;
    private final Orphans orphans = new Orphans(
            SimStore.CONFIG.ledger().orphans(), SimStore.CONFIG.ledger().orphanBytes());
    private final Listener listener;

    /** Hears what the ledger takes. */
    public interface Listener {
        /** A quant is found valid, makes this tip, and is about to be stored. */
        void judged(CompactQuant compactQuant, Tip tip);

        /** It is stored, on the chain or aside. */
        void stored(CompactQuant compactQuant, Tip tip);

        void moved(HeadMoved event);

        /** A producer has signed two quants that exclude each other. */
        void caught(Evidence evidence);

        /** Transactions came in with a quant aside. */
        void stocked();
    }

    /** A ledger over an open chain, with its rules but for planted bugs. */
    SimLedger(SimStore store, OpenChain opened, InstantSource clock, Listener listener) {
        this.store = store;
        this.disk = store.disk();
        this.listener = listener;
        Engine engine = store.setup().engines().apply(opened.engine());
        QuantRules rules = new QuantRules(opened.spec(), engine, store.setup().signatures(), DRIFT);
        chain = new OpenChain(
                disk,
                new LogTailCache(),
                opened.number(),
                opened.spec(),
                new OpenChain.Rules(engine, rules, opened::transactionRules),
                opened.parentHistory(),
                new OpenChain.Start(
                        opened.tip(), opened.agreed(), opened.watermark(), opened.nextSequence(), opened.frozen()));
        InstantSource judged = has(Bug.FUTURE_TIME) ? () -> Instant.ofEpochMilli(clock.millis() + FAR) : clock;
        Store asked = has(Bug.ADMIT_TWICE) ? new SimDisk(Set.of()) : disk;
        quantJudge = new QuantJudge(asked, judged, SimStore.CONFIG.ledger().reorganisationDepth(), this::watch);
    }

    /** A fork shares a part of this chain's history. */
    void join(OpenChain fork) {
        chain.join(fork);
    }

    /** Where a fork at a height leaves this chain. */
    public ForkPoint point(long height) {
        Header last =
                chain.quants().known(chain.quants().at(height).orElseThrow()).header();
        return new ForkPoint(chain.id(), height, last.hash(), last.treeSize(), last.root());
    }

    /** The tip with which a fork of this chain begins. */
    public Tip fork(ChainSpec spec) {
        QuantRecord last = chain.quants().known(spec.fork().orElseThrow().quant());
        return Tip.fork(spec, last.head(), last.frontier(), chain.quants().times(last));
    }

    /** The hash of the chain's quant at a height. */
    public Optional<Hash> at(long height) {
        return chain.quants().at(height);
    }

    private void watch(OpenChain of, CompactQuant quant) {
        of.watch(quant).ifPresent(listener::caught);
    }

    private boolean has(Bug bug) {
        return store.setup().bugs().contains(bug);
    }

    public Tip tip() {
        return chain.tip();
    }

    /** The height that this node holds for final. */
    public long finality() {
        return chain.finality(chain.tip());
    }

    /** Why a transaction may not come in; empty if it may. */
    public Optional<Refusal> check(Transaction transaction) {
        return chain.transactionRules().check(transaction);
    }

    /** Makes transactions durable, as {@link Writer} does. */
    public Injected keep(List<Transaction> transactions) {
        List<Submission> submissions = transactions.stream()
                .map(transaction -> new Submission(transaction, Optional.empty()))
                .toList();
        io.vertx.core.Promise<Injected> answer = io.vertx.core.Promise.promise();
        KeepWrite write = new KeepWrite(chain, new Keep(chain.id(), submissions), answer);
        commit(write);
        return answer.future().result();
    }

    /** Judges and stores a quant and every orphan that it makes possible, as {@link CommitLoop} does. */
    public Verdict append(Append append) {
        Deque<Hash> stored = new ArrayDeque<>();
        Verdict verdict = attempt(append, stored);
        while (!stored.isEmpty()) {
            for (Orphans.Orphan orphan : orphans.take(stored.remove())) {
                attempt(Append.foreign(orphan.chain(), orphan.compactQuant(), orphan.supplied()), stored);
            }
        }
        return verdict;
    }

    private Verdict attempt(Append append, Deque<Hash> stored) {
        QuantJudge.Judgement judgement = quantJudge.judge(chain, append);
        if (judgement instanceof QuantJudge.Judgement.Valid valid) {
            CommitPlan commitPlan = arrival(valid.commitPlan());
            Verdict verdict = store(commitPlan);
            if (!(verdict instanceof Verdict.Refused)) {
                stored.add(commitPlan.compactQuant().hash());
            }
            return verdict;
        }
        Verdict verdict = ((QuantJudge.Judgement.Settled) judgement).verdict();
        if (verdict instanceof Verdict.Orphan) {
            orphans.keep(new Orphans.Orphan(append.chain(), append.compactQuant(), append.supplied()));
        }
        return verdict;
    }

    private CommitPlan arrival(CommitPlan commitPlan) {
        boolean tie = commitPlan.tip().head().weight().equals(chain.tip().head().weight());
        CommitPlan.Move aside = CommitPlan.Move.ASIDE;
        return tie && has(Bug.TIE_BY_ARRIVAL)
                ? new CommitPlan(
                        commitPlan.chain(),
                        commitPlan.compactQuant(),
                        commitPlan.resolvedTransactions(),
                        commitPlan.tip(),
                        aside,
                        commitPlan.expired(),
                        List.of())
                : commitPlan;
    }

    private Verdict store(CommitPlan commitPlan) {
        listener.judged(commitPlan.compactQuant(), commitPlan.tip());
        List<HeadMoved> moves = new ArrayList<>(1);
        CommitWrite write = new CommitWrite(commitPlan, moved -> moved.ifPresent(moves::add), refusal -> {});
        Optional<Refusal> refusal = commit(write);
        if (refusal.isPresent()) {
            return new Verdict.Refused(refusal.get());
        }
        quantJudge.stored(commitPlan, write.stored().join().orElseThrow());
        listener.stored(commitPlan.compactQuant(), commitPlan.tip());
        watch(chain, commitPlan.compactQuant());
        if (commitPlan.move().placed()) {
            amnesia();
            try (WaitingList list = new WaitingList(disk, chain)) {
                chain.mark(list.advanced());
            }
        } else if (!commitPlan.resolvedTransactions().fresh().isEmpty()) {
            listener.stocked();
        }
        moves.forEach(listener::moved);
        return commitPlan.verdict();
    }

    private void amnesia() {
        Tip tip = chain.tip();
        if (has(Bug.OLD_TIME)) {
            chain.move(new Tip(tip.head(), tip.frontier(), List.of(0L), tip.state()));
        }
        if (has(Bug.TREE_FORGETS)) {
            chain.move(new Tip(tip.head(), Frontier.EMPTY, tip.times(), tip.state()));
        }
    }

    private Optional<Refusal> commit(Write write) {
        if (store.broken().isEmpty()) {
            try (Group group = new Group(disk)) {
                write.put(group);
                group.write();
                disk.sync();
            } catch (StoreException e) {
                store.broke(e);
            }
        }
        write.settled(store.broken());
        write.answer(store.broken());
        return store.broken();
    }

    /** What this node's key has promised. */
    public SigningRecord signingRecord() {
        return new Queries(disk, chain).signingRecord();
    }

    /** Makes a promise durable; false if the disk does not take it. */
    public boolean keepPromise(SigningRecord signingRecord) {
        if (store.broken().isPresent()) {
            return false;
        }
        try (Store.Batch batch = disk.batch()) {
            batch.put(
                    ColumnFamily.META,
                    StoreKeys.promise(chain.id()),
                    signingRecord.encoded().toArray());
            disk.write(batch);
        } catch (StoreException e) {
            store.broke(e);
        }
        return store.broken().isEmpty();
    }

    public List<Entry> waiting() {
        try (WaitingList list = new WaitingList(disk, chain)) {
            return list.find(0, Integer.MAX_VALUE).entries();
        }
    }

    public boolean has(Hash transaction) {
        return chain.log().sequence(transaction).isPresent();
    }

    public Located locate(Hash transaction) {
        return new Queries(disk, chain).transaction(transaction);
    }

    public List<Hash> unknown(List<Hash> ids) {
        return new Queries(disk, chain).unknown(ids).ids();
    }

    public List<Transaction> fetch(List<Hash> ids) {
        return new Queries(disk, chain)
                .fetch(new Fetch(chain.id(), ids, Integer.MAX_VALUE))
                .transactions();
    }

    public Optional<CompactQuant> outline(Hash quant) {
        return new Queries(disk, chain).outline(quant).compactQuant();
    }

    public List<Hash> locator() {
        return new Queries(disk, chain).locator().hashes();
    }

    /** Hashes of at most {@code countMax} quants of the chain after the last one that is common. */
    public List<Hash> after(List<Hash> locator, int countMax) {
        long common = new Queries(disk, chain).common(locator).height().orElse(0L);
        List<Hash> hashes = new ArrayList<>();
        for (long height = common + 1; hashes.size() < countMax; height++) {
            Optional<Hash> hash = chain.quants().at(height);
            if (hash.isEmpty()) {
                break;
            }
            hashes.add(hash.get());
        }
        return hashes;
    }
}
