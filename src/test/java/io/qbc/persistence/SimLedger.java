package io.qbc.persistence;

import io.qbc.bus.Catalogue.Admission;
import io.qbc.bus.Catalogue.Append;
import io.qbc.bus.Catalogue.BacklogGrew;
import io.qbc.bus.Catalogue.ChainClosed;
import io.qbc.bus.Catalogue.ChainOpened;
import io.qbc.bus.Catalogue.Declined;
import io.qbc.bus.Catalogue.EquivocationFound;
import io.qbc.bus.Catalogue.Fetch;
import io.qbc.bus.Catalogue.HeadMoved;
import io.qbc.bus.Catalogue.Injected;
import io.qbc.bus.Catalogue.Keep;
import io.qbc.bus.Catalogue.KeepSigningRecord;
import io.qbc.bus.Catalogue.Located;
import io.qbc.bus.Catalogue.Orphaned;
import io.qbc.bus.Catalogue.Submission;
import io.qbc.consensus.engine.Engine;
import io.qbc.consensus.engine.Evidence;
import io.qbc.consensus.engine.SigningRecord;
import io.qbc.ledger.ForkChoice;
import io.qbc.ledger.Pool.Entry;
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
import io.qbc.persistence.commit.CommitEvents;
import io.qbc.persistence.commit.CommitPlan;
import io.qbc.persistence.commit.CommitSteps;
import io.qbc.persistence.commit.CommitWrite;
import io.qbc.persistence.commit.QuantJudge;
import io.qbc.persistence.read.Queries;
import io.qbc.persistence.store.ColumnFamily;
import io.qbc.persistence.store.Store;
import io.qbc.persistence.write.GroupWriter;
import io.qbc.persistence.write.KeepWrite;
import io.qbc.persistence.write.Write;
import io.qbc.persistence.write.WritePort;
import io.qbc.sim.Bug;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One chain's ledger without its threads: the product's {@link CommitSteps} and {@link GroupWriter}, all of whose steps
 * are taken in the caller's turn, with the bugs that are planted in them.
 */
public final class SimLedger {
    /** How far ahead of a node's clock a quant may be, in milliseconds. */
    public static final long DRIFT = 3000;

    private static final long FAR_MILLIS = 3_600_000;

    private final SimStore store;
    private final SimDisk disk;
    private final OpenChain chain;
    private final CommitSteps commitSteps;
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
        commitSteps =
                new CommitSteps(disk, new Port(), sources(clock), SimStore.CONFIG.ledger(), new Events(), () -> {});
    }

    private QuantJudge.Sources sources(InstantSource clock) {
        InstantSource judged = has(Bug.FUTURE_TIME) ? () -> Instant.ofEpochMilli(clock.millis() + FAR_MILLIS) : clock;
        Store asked = has(Bug.ADMIT_TWICE) ? new SimDisk(Set.of()) : has(Bug.FORGET_KEYS) ? withoutKeys() : disk;
        boolean stays = has(Bug.TIE_BY_ARRIVAL);
        return new QuantJudge.Sources(
                asked,
                judged,
                (head, present) -> ForkChoice.better(head, present)
                        && !(stays && head.weight().equals(present.weight())));
    }

    private Store withoutKeys() {
        return new Wrapped(disk) {
            @Override
            public Scan scan(ColumnFamily columnFamily) {
                return (columnFamily == ColumnFamily.KEYS ? new SimDisk(Set.of()) : disk).scan(columnFamily);
            }
        };
    }

    private boolean has(Bug bug) {
        return store.setup().bugs().contains(bug);
    }

    /** Writes at once what is judged, and lets the listener look at it before and after. */
    private final class Port implements WritePort {
        @Override
        public Optional<Refusal> push(Write write) {
            CommitWrite commit = (CommitWrite) write;
            CommitPlan plan = commit.commitPlan();
            listener.judged(plan.compactQuant(), plan.tip());
            Optional<Refusal> refused = store.groupWriter().push(write);
            if (commit.stored().getNow(Optional.empty()).isPresent()) {
                if (plan.move().placed()) {
                    forget();
                }
                listener.stored(plan.compactQuant(), plan.tip());
            }
            return refused;
        }

        @Override
        public Optional<Refusal> refusal() {
            return store.groupWriter().refusal();
        }
    }

    private void forget() {
        Tip tip = chain.tip();
        if (has(Bug.OLD_TIME)) {
            chain.move(new Tip(tip.head(), tip.frontier(), List.of(0L), tip.state()));
        }
        if (has(Bug.TREE_FORGETS)) {
            chain.move(new Tip(tip.head(), Frontier.EMPTY, tip.times(), tip.state()));
        }
    }

    /** Hands the announcements to the listener. */
    private final class Events implements CommitEvents {
        @Override
        public void execute(Runnable work) {
            store.later(work);
        }

        @Override
        public void headMoved(HeadMoved event) {
            listener.moved(event);
        }

        @Override
        public void orphaned(Orphaned event) {
            // Whoever sent the quant hears it from the verdict.
        }

        @Override
        public void backlogGrew(BacklogGrew event) {
            listener.stocked();
        }

        @Override
        public void equivocationFound(EquivocationFound event) {
            listener.caught(event.evidence());
        }

        @Override
        public void chainOpened(ChainOpened event) {
            // The node opens chains by itself.
        }

        @Override
        public void chainClosed(ChainClosed event) {
            // The node drops none.
        }
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

    /** Makes transactions durable. */
    public Injected keep(List<Transaction> transactions) {
        List<Submission> submissions =
                transactions.stream().map(Submission::new).toList();
        Injected injected = store.<Injected>turn(answer -> {
                    KeepWrite write = new KeepWrite(chain, new Keep(chain.id(), submissions), answer);
                    store.groupWriter().push(write).ifPresent(refusal -> answer.complete(write.declined(refusal)));
                })
                .result();
        for (Admission admission : injected.admissions()) {
            if (admission instanceof Declined declined) {
                SimStore.requireExpected(declined.refusal());
            }
        }
        return injected;
    }

    /** Judges and stores a quant and every orphan that it makes possible. */
    public Verdict append(Append append) {
        Future<Verdict> judged = store.turn(answer -> {
            commitSteps.attempt(chain, append, answer);
            commitSteps.reap();
        });
        if (judged.result() instanceof Verdict.Refused refused) {
            SimStore.requireExpected(refused.refusal());
        }
        return judged.result();
    }

    /** What this node's key has promised. */
    public SigningRecord signingRecord() {
        return new Queries(disk, chain).signingRecord();
    }

    /** Makes a promise durable; false if the disk does not take it. */
    public boolean keepPromise(SigningRecord signingRecord) {
        KeepSigningRecord change = new KeepSigningRecord(chain.id(), signingRecord(), signingRecord);
        return store.<SigningRecord>turn(
                        answer -> commitSteps.change(() -> store.chainAdmin().keep(change), kept -> {}, answer))
                .succeeded();
    }

    public List<Entry> waiting() {
        try (WaitingList list = new WaitingList(disk, chain)) {
            return list.find(0, Integer.MAX_VALUE).entries();
        }
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
